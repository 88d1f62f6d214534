namespace ModelBuild.Benchmarks.Compression.Goals;

/// <summary>The goals of compression without retraining on the models with real data. They are slightly below the best known figures.</summary>
internal static class Reachable
{
    /// <summary>The goals.</summary>
    public static IReadOnlyList<Goal> Goals { get; } =
    [
        new("fashion-resnet", "prune-channels(0.34)")
        {
            Work = 1.5,
            Points = 0.6,
            IsFaster = true,
        },
        new("fashion-resnet", "prune-channels(0.34) int8")
        {
            Points = 0.3,
            After = "prune-channels(0.34)",
            IsFaster = true,
        },
        new("fashion-resnet", "prune-channels(0.5)")
        {
            Work = 2,
            Points = 1.2,
            IsFaster = true,
        },
        new("fashion-resnet", "prune-channels(0.5) int8")
        {
            Points = 0.3,
            After = "prune-channels(0.5)",
            IsFaster = true,
        },
        new("fashion-resnet", "low-rank(0.5, method=spatial)") { Work = 1.9, Points = 0.5 },
        new("litenet-fc", "low-rank(0.24)") { Parameters = 4, Points = 0.3 },
        new("litenet-fc", "prune-channels(0.5)") { Parameters = 2, Points = 0.3 },
        new("litenet-conv", "prune-channels(0.5, of=parameters)") { Parameters = 2, Points = 0.4 },
        new("litenet-fc", "prune-channels(0.4) low-rank(0.3) cluster(16, bits=2)") { Zipped = 50, Points = 1 },
        new("litenet-conv", "prune-channels(0.5, of=parameters) cluster(8, bits=1.6)") { Zipped = 20, Points = 1 },
        .. Clustering("litenet-fc", 0.4, 0.16),
        .. Clustering("litenet-conv", 0.3),
        .. Clustering("fashion-resnet", 0.3, 0.16),
        .. Clustering("fashion-mobilenet", 0.5),
        .. Pruning("litenet-fc", 0.3, 0.7),
        .. Pruning("litenet-conv", 0.3, 0.7),
        .. Pruning("fashion-resnet", 0.3, 0.7),
        new("fashion-mobilenet", "prune(0.5)") { Points = 1.6, Beats = "prune(0.5, magnitude)" },
    ];

    private static Goal[] Clustering(string model, double points, double file = double.PositiveInfinity) =>
        [new(model, "cluster(16)") { Points = points, File = file }, new(model, "cluster(256)") { Points = 0.1, Decibels = 40 }];

    private static Goal[] Pruning(string model, double half, double more) =>
        [
            new(model, "prune(0.5)") { Points = half, Beats = "prune(0.5, magnitude)" },
            new(model, "prune(0.6)") { Points = more, Beats = "prune(0.6, magnitude)" },
        ];
}
