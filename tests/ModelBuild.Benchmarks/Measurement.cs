namespace ModelBuild.Benchmarks;

/// <summary>What one way costs; the ratio is its time relative to the first way measured with it.</summary>
internal sealed record Measurement(string Name, double Nanoseconds, double Ratio, double Bytes);
