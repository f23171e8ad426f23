"""Common words of credit data in Chinese, for drafted names. Phrases are looked up longest first."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_WORDS = """
account: 账户
account type: 账户类型
address: 地址
address state: 所在州
age: 年龄
amount: 金额
amt: 金额
annual income: 年收入
application type: 申请类型
approval date: 审批日期
approval fy: 审批财年
balance: 余额
bank: 银行
bank account type: 银行账户类型
bank name: 银行名称
bank state: 银行所在州
bill amt: 账单金额
bill amount: 账单金额
censor status: 审核状态
charge: 费用
city: 城市
class: 等级
create job: 新增就业人数
credit: 授信
credit amount: 贷款金额
credit history: 信用历史
credit limit: 授信额度
credit score: 信用评分
customer: 客户
date: 日期
days past due: 逾期天数
debt loan ratio: 负债收入比
debt ratio: 负债率
debt: 负债
debtinc: 负债收入比
default: 违约
delinquencies: 逾期次数
delinquency: 逾期
dependents: 受抚养人数
derogatories: 不良记录数
disbursement date: 放款日期
disbursement gross: 放款金额
dti: 负债收入比
duration: 期限
early return: 提前还款次数
early return amount: 提前还款金额
education: 教育程度
emp length: 工作年限
emp title: 职务
employer type: 单位类型
employment duration: 工作年限
employment length: 工作年限
employment status: 就业状况
employment: 就业
existing credits: 现有贷款笔数
foreign worker: 外籍劳工
franchise code: 加盟代码
gender: 性别
gr appv: 获批金额
grade: 等级
history: 历史
home ownership: 住房情况
house: 住房
house exist: 住房情况
house loan status: 房贷状况
housing: 住房情况
income: 收入
industry: 行业
inquiries: 查询次数
installment: 每期还款额
installment rate: 还款占收入比例
int rate: 利率
interest: 利率
interest rate: 利率
issue date: 放款日期
job: 职业
last payment date: 最近还款日期
length: 时长
level of education: 教育程度
limit: 额度
limit bal: 授信额度
loan: 贷款
loan amount: 贷款金额
loanamount: 贷款金额
loannumber: 第几笔贷款
loan status: 贷款状态
low doc: 简化材料
marital status: 婚姻状况
marriage: 婚姻状况
member: 会员
monthly income: 月收入
monthly payment: 月还款额
mortgage: 按揭余额
naics: 行业代码
new exist: 新设或存续
no emp: 员工人数
number credits: 现有贷款笔数
number of dependents: 受抚养人数
number of open credit lines and loans: 在用信用账户和贷款数
number real estate loans or lines: 房产贷款和授信数
occupation: 职业
offsprings: 子女数
other debtors: 其他债务人或担保人
other installment plans: 其他分期
past due: 逾期
pay: 还款状态
pay amt: 还款金额
pay amount: 还款金额
payment: 还款
people liable: 受抚养人数
personal status sex: 婚姻状况和性别
portion: 担保比例
post code: 邮编
present residence: 现居住年限
property: 财产
pub dero bankrup: 公开破产记录数
purpose: 用途
rate: 利率
ratio: 比率
real estate: 不动产
reason: 用途
recession: 衰退期
recircle b: 循环余额
recircle u: 循环额度使用率
region: 地区
retained job: 保留就业人数
rev line cr: 循环额度
revolving balance: 循环余额
revolving utilization: 循环额度使用率
revolving utilization of unsecured lines: 无担保循环额度使用率
savings: 储蓄
sba appv: 担保金额
score: 评分
scoring high: 评分上限
scoring low: 评分下限
sex: 性别
state: 州
status: 状态
sub class: 子等级
sub grade: 子等级
tenure: 年限
telephone: 电话
term: 期限
termdays: 期限天数
title: 标题
total acc: 信用账户总数
total loan: 贷款金额
total payment: 累计还款
totaldue: 应还总额
type: 类型
urban rural: 城乡
use: 用途
user: 用户
utilization: 使用率
value: 估值
verification status: 核验状态
work type: 职业类型
work year: 工作年限
year: 年份
year of loan: 贷款年限
yoj: 现职年限
zip: 邮编
"""

PHRASES: Mapping[str, str] = MappingProxyType(dict(line.split(": ") for line in _WORDS.strip().splitlines()))
