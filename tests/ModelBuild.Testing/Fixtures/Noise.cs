namespace ModelBuild.Testing.Fixtures;

/// <summary>Numbers that are the same in each run.</summary>
public static class Noise
{
    /// <summary>Numbers between −scale and scale.</summary>
    public static float[] Floats(long count, int seed = 1, double scale = 1)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, (int)count).Select(_ => (float)((random.NextDouble() * 2 - 1) * scale))];
    }

    /// <summary>Approximately normally distributed numbers with mean 0: sums of six uniform numbers.</summary>
    public static float[] Normal(long count, int seed, double deviation)
    {
        var random = new Random(seed);
        return
        [
            .. Enumerable.Range(0, (int)count).Select(_ => (float)(Enumerable.Range(0, 6).Sum(_ => random.NextDouble() * 2 - 1) / Math.Sqrt(2) * deviation)),
        ];
    }
}
