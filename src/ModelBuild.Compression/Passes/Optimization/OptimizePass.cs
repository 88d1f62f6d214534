namespace ModelBuild.Compression.Passes.Optimization;

/// <summary>The step <c>optimize</c>.</summary>
internal sealed class OptimizePass : IPass
{
    public void Run(PassContext context) => GraphOptimization.Apply(context.Model, context.Report, context.CancellationToken);
}
