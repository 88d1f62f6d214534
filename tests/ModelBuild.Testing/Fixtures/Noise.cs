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
}
