namespace ModelBuild.Compression.Passes.Optimization;

/// <summary>The options of <c>optimize</c>: there are none.</summary>
internal sealed record OptimizeOptions;
