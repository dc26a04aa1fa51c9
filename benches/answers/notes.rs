//! Course notes that nobody wrote: Chinese mixed with English, words as unevenly frequent as in any text (Zipf's law), with
//! headings, lists, code and tables. The same seed gives the same notes.

use std::fmt::Write as _;

/// Common words of such notes, the most frequent first.
const HAN: &[&str] = &[
    "容器",
    "服务",
    "集群",
    "配置",
    "节点",
    "部署",
    "镜像",
    "网络",
    "存储",
    "应用",
    "数据",
    "资源",
    "运行",
    "管理",
    "请求",
    "访问",
    "系统",
    "版本",
    "文件",
    "目录",
    "命令",
    "状态",
    "进程",
    "端口",
    "地址",
    "权限",
    "用户",
    "证书",
    "日志",
    "监控",
    "调度",
    "副本",
    "更新",
    "回滚",
    "扩容",
    "负载",
    "均衡",
    "路由",
    "代理",
    "网关",
    "策略",
    "规则",
    "标签",
    "注解",
    "模板",
    "仓库",
    "分支",
    "提交",
    "构建",
    "测试",
    "发布",
    "流水线",
    "触发",
    "任务",
    "队列",
    "消息",
    "缓存",
    "索引",
    "查询",
    "事务",
    "备份",
    "恢复",
    "迁移",
    "加密",
    "解密",
    "密钥",
    "令牌",
    "会话",
    "认证",
    "授权",
    "审计",
    "告警",
    "指标",
    "采样",
    "链路",
    "追踪",
    "延迟",
    "吞吐",
    "并发",
    "线程",
    "内存",
    "磁盘",
    "分区",
    "挂载",
    "卷",
    "快照",
    "隔离",
    "限制",
    "配额",
    "优先级",
    "抢占",
    "驱逐",
    "探针",
    "健康",
    "检查",
    "重启",
    "启动",
    "停止",
    "初始化",
    "环境",
    "变量",
    "参数",
    "默认",
    "选项",
    "插件",
    "接口",
    "协议",
    "连接",
    "超时",
    "重试",
    "熔断",
    "降级",
    "灰度",
    "流量",
    "拓扑",
    "域名",
    "解析",
    "防火墙",
    "虚拟机",
    "操作系统",
    "内核",
    "驱动",
    "编排",
    "声明式",
    "控制器",
    "事件",
    "对象",
    "字段",
    "类型",
    "结构",
    "算法",
    "复杂度",
    "课程",
    "作业",
    "实验",
    "步骤",
    "问题",
    "原因",
    "方法",
    "例子",
    "注意",
    "说明",
    "区别",
];

/// What runs through the notes by name, the most frequent first; several have other names in the lexicon.
const LATIN: &[&str] = &[
    "Pod",
    "Service",
    "Deployment",
    "Kubernetes",
    "Docker",
    "Node",
    "kubectl",
    "YAML",
    "Ingress",
    "Namespace",
    "ConfigMap",
    "Secret",
    "StatefulSet",
    "DaemonSet",
    "etcd",
    "kubelet",
    "kube-proxy",
    "API Server",
    "CNI",
    "CRI",
    "PVC",
    "PersistentVolume",
    "Helm",
    "Istio",
    "Envoy",
    "Prometheus",
    "Grafana",
    "Linux",
    "nginx",
    "Redis",
    "MySQL",
    "Git",
    "SSH",
    "HTTP",
    "TCP",
    "DNS",
    "TLS",
    "JSON",
    "Bash",
    "cgroup",
];

/// Parts of the names that only one section has.
const PARTS: &[&str] = &[
    "amber", "basil", "cedar", "delta", "ember", "falcon", "garnet", "harbor", "indigo", "jasper", "kelvin", "lotus",
    "maple", "nectar", "onyx", "pepper", "quartz", "raven", "saffron", "timber", "umber", "velvet", "walnut", "xenon",
    "yarrow", "zephyr",
];

/// Where the parts of a sentence stand.
const SENTENCES: &[&str] = &[
    "{} 会把 {} 的 {} 交给 {}。",
    "在 {} 里，{} 通过 {} 来完成 {}。",
    "如果 {} 没有 {}，就先检查 {} 和 {}。",
    "默认情况下 {} 的 {} 由 {} 决定，与 {} 无关。",
    "修改 {} 之后要重新 {}，否则 {} 还是旧的 {}。",
    "When the {} of a {} changes, the {} is told by {}.",
    "{} 与 {} 的区别在于 {}：前者不需要 {}。",
];

/// A section of the notes: what only it is about.
pub(crate) struct Topic {
    /// A name that stands in this section alone.
    pub(crate) name: String,
    /// Two words of its heading.
    pub(crate) words: [&'static str; 2],
    pub(crate) heading: String,
}

/// The text of each note, and what their sections are about.
pub(crate) fn write_notes(notes: usize, sections: usize) -> (Vec<String>, Vec<Topic>) {
    let mut random = Random(20_240_229);
    let (han, latin) = (Zipf::of(HAN.len()), Zipf::of(LATIN.len()));
    let mut word = |random: &mut Random| {
        if random.below(3) == 0 { LATIN[latin.draw(random)] } else { HAN[han.draw(random)] }
    };
    let mut topics = Vec::new();
    let texts = (0..notes).map(|note| {
        let mut text = format!("# {} {}\n\n", HAN[note % HAN.len()], LATIN[note % LATIN.len()]);
        for _ in 0..sections {
            let topic = Topic::of(topics.len(), &mut random);
            let level = if random.below(3) == 0 { "###" } else { "##" };
            let _ = write!(
                text,
                "{level} {}\n\n{} 是一种 {}，用于 {}。",
                topic.heading,
                topic.name,
                word(&mut random),
                word(&mut random)
            );
            for _ in 0..6 + random.below(10) {
                text.push_str(&sentence(&mut random, &mut word));
                if random.below(4) == 0 {
                    text.push_str("\n\n");
                }
            }
            text.push_str("\n\n");
            match random.below(3) {
                0 => (0..4).for_each(|_| text.push_str(&format!("- {}\n", sentence(&mut random, &mut word)))),
                1 => {
                    let (kind, object) = (word(&mut random).to_lowercase(), word(&mut random));
                    let _ = writeln!(text, "```bash\nkubectl get {kind} -n {}\ndocker run {object}\n```", topic.name);
                }
                _ => {
                    text.push_str("| 名称 | 说明 |\n|---|---|\n");
                    (0..4).for_each(|_| {
                        let (name, note) = (word(&mut random), word(&mut random));
                        let _ = writeln!(text, "| {name} | {note} {} |", random.below(1000));
                    });
                }
            }
            text.push('\n');
            topics.push(topic);
        }
        text
    });
    (texts.collect(), topics)
}

impl Topic {
    fn of(number: usize, random: &mut Random) -> Self {
        let part = |number: usize| PARTS[number % PARTS.len()];
        let count = PARTS.len();
        let name = format!("{}{}-{}", part(number), part(number / count / count + 7), part(number / count));
        let words = [HAN[random.below(HAN.len())], HAN[random.below(HAN.len())]];
        let heading = format!("{name} 的{}{}", words[0], words[1]);
        Self { name, words, heading }
    }
}

fn sentence(random: &mut Random, word: &mut impl FnMut(&mut Random) -> &'static str) -> String {
    let mut parts = SENTENCES[random.below(SENTENCES.len())].split("{}");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + word(random) + part)
}

/// SplitMix64 (Steele, Lea and Flood, 2014): enough for text that only has to look alive.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }
}

/// Draws number `n` with a probability proportional to `1 / (n + 1)`.
struct Zipf(Vec<f64>);

impl Zipf {
    fn of(count: usize) -> Self {
        let mut sum = 0.0;
        Self(
            (1..=count)
                .map(|rank| {
                    sum += 1.0 / rank as f64;
                    sum
                })
                .collect(),
        )
    }

    fn draw(&self, random: &mut Random) -> usize {
        let all = self.0.last().copied().unwrap_or_default();
        let drawn = random.below(1 << 30) as f64 / f64::from(1 << 30) * all;
        self.0.partition_point(|sum| *sum <= drawn)
    }
}
