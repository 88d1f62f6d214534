namespace ModelBuild.Compression.Tests.Preprocessing;

/// <summary>The nodes of a graph prepare pictures as the runtime does.</summary>
public sealed class GraphPreparationTests
{
    private static readonly (int Width, int Height)[] Sizes = [(1, 1), (5, 3), (31, 47), (64, 48), (97, 33), (256, 256), (333, 500), (500, 333), (1003, 211)];

    public static TheoryData<string, string> Geometries()
    {
        var data = new TheoryData<string, string>();
        foreach (var filter in new[] { "bilinear", "bicubic", "bilinear, antialias=false", "bicubic, antialias=false", "nearest", "nearest-exact" })
        foreach (var step in new[] { "resize(48,40, F)", "resize(64, F) crop(56)", "resize(40, F) crop(56,60)", "fit(60,44, F)", "letterbox(64, F)" })
            data.Add(step.Replace("F", filter, StringComparison.Ordinal), filter);
        return data;
    }

    [Theory]
    [MemberData(nameof(Geometries))]
    public void Explore(string step, string filter)
    {
        _ = filter;
        var description = $"rgb {step}";
        var input = PreparedPictures.Input(description, "float32", 1, 3, null, null);
        double worst = 0;
        long wrong = 0,
            all = 0;
        foreach (var (width, height) in Sizes)
        {
            var pixels = PreparedPictures.Pixels(width, height);
            var graph = PreparedPictures.InGraph(input, pixels, width, height);
            var runtime = PreparedPictures.InRuntime(input, description, pixels, width, height);
            Assert.Equal(runtime.Length, graph.Numbers.Length);
            for (var i = 0; i < runtime.Length; i++)
            {
                worst = Math.Max(worst, Math.Abs(runtime[i] - graph.Numbers[i]));
                if (runtime[i] != graph.Numbers[i])
                    wrong++;
                all++;
            }
        }

        File.AppendAllText("/tmp/graph_explore.txt", $"{description}: worst {worst} wrong {wrong}/{all}\n");
        Assert.True(worst <= 1, $"{worst}");
    }
}
