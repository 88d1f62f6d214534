namespace ModelBuild.Benchmarks;

/// <summary>The cost of one implementation. The ratio is its time relative to the first implementation of the same measurement.</summary>
internal sealed record Measurement(string Name, double Nanoseconds, double Ratio, double Bytes);
