"""Name the kinds of values in Japanese, as stand-ins do."""

from __future__ import annotations

AS_WRITTEN = "AS_WRITTEN"  # text that looks like a stand-in without being one

LABELS = {
    AS_WRITTEN: "原文",
    "PERSON": "氏名",
    "ADDRESS": "住所",
    "REGISTERED_DOMICILE": "本籍",
    "POSTAL_CODE": "郵便番号",
    "PHONE": "電話",
    "EMAIL": "メール",
    "BIRTH_DATE": "生年月日",
    "MY_NUMBER": "個人番号",
    "RESIDENT_CODE": "住民票コード",
    "DRIVER_LICENSE": "免許証番号",
    "PASSPORT": "旅券番号",
    "RESIDENCE_CARD": "在留カード番号",
    "HEALTH_INSURANCE": "保険証番号",
    "CARE_INSURANCE": "介護保険番号",
    "PENSION_NUMBER": "年金番号",
    "EMPLOYMENT_INSURANCE": "雇用保険番号",
    "BANK_ACCOUNT": "口座",
    "CREDIT_CARD": "カード番号",
    "VEHICLE_PLATE": "車両番号",
    "EMPLOYEE_ID": "職員番号",
    "ADDRESSEE_NUMBER": "宛名番号",
    "OTHER_ID": "識別番号",
    "SENSITIVE": "配慮事項",
    "CREDENTIAL": "認証情報",
    "IP_ADDRESS": "IPアドレス",
}
OTHER = "項目"

# What an alias ends with; the other kinds have no alias and keep their labels.
ALIASES = {"PERSON": "氏", "ADDRESS": "市"}

FAMILY, GIVEN, READING, ROMAJI, WRITTEN = "姓", "名", "読み", "ローマ字", "表記"
ROLES = (FAMILY, GIVEN, READING, ROMAJI)


def label(entity: str) -> str:
    """Return the Japanese name of a kind of value."""
    return LABELS.get(entity, OTHER)
