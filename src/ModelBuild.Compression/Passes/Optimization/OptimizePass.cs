namespace ModelBuild.Compression.Passes.Optimization;

/// <summary>The step <c>optimize</c>: applies rewrites that change the outputs by rounding at most.</summary>
internal sealed class OptimizePass : IPass
{
    public void Run(PassContext context) => ExactRewrites.Apply(context.Model, context.Report, context.CancellationToken);
}
