namespace ModelBuild.Compression.Tests.Clustering;

/// <summary>
/// Runs k-means as Deep Compression does (Han et al. 2016, section 3.2). It goes from one of three kinds of starts to the nearest local optimum.
/// </summary>
internal static class Lloyd
{
    public static double[] Run(float[] values, int clusters, string start)
    {
        var sorted = values.Order().Select(value => (double)value).ToArray();
        var random = new Random(1);
        double[] centres = start switch
        {
            "linear" => [.. Enumerable.Range(0, clusters).Select(i => sorted[0] + (sorted[^1] - sorted[0]) * i / (clusters - 1))],
            "density" => [.. Enumerable.Range(0, clusters).Select(i => sorted[(int)((i + 0.5) / clusters * sorted.Length)])],
            _ => [.. Enumerable.Range(0, clusters).Select(_ => sorted[random.Next(sorted.Length)]).Order()],
        };
        for (var round = 0; round < 100; round++)
        {
            var members = sorted.GroupBy(value => Nearest(centres, value)).ToDictionary(group => group.Key, group => group.Average());
            centres = [.. centres.Select((centre, i) => members.GetValueOrDefault(i, centre))];
        }

        return centres;
    }

    public static double Cost(float[] values, double[] centres) => values.Sum(value => Math.Pow(value - centres[Nearest(centres, value)], 2));

    private static int Nearest(double[] centres, double value)
    {
        var best = 0;
        for (var i = 1; i < centres.Length; i++)
            if (Math.Abs(centres[i] - value) < Math.Abs(centres[best] - value))
                best = i;
        return best;
    }
}
