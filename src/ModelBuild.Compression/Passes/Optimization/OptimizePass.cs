using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Optimization;

/// <summary>
/// The step <c>optimize</c>: rewrites that change what the model computes by rounding at most, on every processor and provider.
/// They feed each other (a folded constant becomes a weight that batch normalization folds into), so they repeat until nothing changes.
/// </summary>
internal sealed class OptimizePass : IPass
{
    // Each round removes nodes, so a fixed point comes by itself; the bound is for a rewrite that is wrong.
    private const int MaxRounds = 20;

    private static readonly IGraphRewrite[] Rewrites =
    [
        new ConstantsToInitializers(),
        new IdentityElimination(),
        new ConstantFolding(),
        new BatchNormalizationFusion(),
        new InitializerSharing(),
        new DeadCodeElimination(),
        new DescriptionRemoval(),
    ];

    public void Run(PassContext context)
    {
        for (var round = 0; round < MaxRounds; round++)
        {
            var changed = 0;
            foreach (var rewrite in Rewrites)
            {
                context.CancellationToken.ThrowIfCancellationRequested();
                var count = rewrite.Apply(new Graph(context.Model), context.CancellationToken);
                context.Model.ReleaseWeights();
                context.Report.Changed(rewrite.Effect, count);
                changed += count;
            }

            if (changed == 0)
                return;
        }
    }
}
