namespace ModelBuild.Compression.Passes.Optimization;

/// <summary><c>optimize</c> has nothing to choose: everything it does is safe.</summary>
internal sealed record OptimizeOptions;
