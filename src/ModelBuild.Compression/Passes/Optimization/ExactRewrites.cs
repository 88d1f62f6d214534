using ModelBuild.Compression.GraphEdits;
using ModelBuild.Compression.Passes.Optimization.Elimination;
using ModelBuild.Compression.Passes.Optimization.Fusion;
using ModelBuild.Compression.Passes.Optimization.Merging;
using ModelBuild.Compression.Passes.Optimization.Patterns;
using ModelBuild.Compression.Passes.Optimization.ShapeComputation;
using ModelBuild.Compression.Reports;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Optimization;

/// <summary>
/// Rewrites that change the outputs by rounding at most, on every CPU and provider. One rewrite enables another (a folded constant becomes a weight that batch
/// normalization is folded into), so they repeat until nothing changes.
/// </summary>
internal static class ExactRewrites
{
    // The limit of rounds. Each round removes nodes, so the number of rounds is finite. The limit only stops a faulty rewrite that adds nodes.
    private const int MaxRounds = 20;

    private static readonly IGraphRewrite[] Rewrites =
    [
        new ConstantsToInitializers(),
        new ConstantBranches(),
        new IdentityElimination(),
        new ConstantFolding(),
        new CommonSubexpressions(),
        new InitializerSharing(),
        new DeadCodeElimination(),
        new DescriptionRemoval(),
    ];

    // The patterns in the order in which they are matched. The first pattern that matches a node is applied. Patterns that remove nodes come before patterns
    // that merge them.
    private static readonly IPattern[] Patterns =
    [
        new CastElimination(),
        new PadElimination(),
        new ExpandElimination(),
        new SliceElimination(),
        new ResizeElimination(),
        new ReshapeElimination(),
        new SplitElimination(),
        new EmptyConcatInputs(),
        new UnitElimination(),
        new IdempotentElimination(),
        new InverseElimination(),
        new MonotoneArgMax(),
        new SizeOfValue(),
        new ShapeOfAll(),
        new ReshapeTarget(),
        new ConcatOfSplit(),
        new SplitOfConcat(),
        new SqueezeOfUnsqueeze(),
        new ReducedDimensions(),
        new ConsecutiveUnsqueezes(),
        new ConsecutiveReshapes(),
        new ConsecutiveTransposes(),
        new ConsecutiveSlices(),
        new ConsecutiveConcats(),
        new ConsecutiveSplits(),
        new ConsecutiveCasts(),
        new LogOfSoftmax(),
        new NotIntoWhere(),
        new ResizeOfAxes(),
        new BatchNormalizationFusion(),
        new ChannelArithmetic(),
        new PadIntoConvolution(),
        new PadIntoPooling(),
        new LayerNormalizationFusion(),
        new GeluFusion(),
        new MatMulAddFusion(),
        new TransposeIntoProduct(),
    ];

    /// <summary>Applies the rewrites to a model in place until nothing changes.</summary>
    /// <param name="model">The model.</param>
    /// <param name="report">Receives the numbers of changes.</param>
    /// <param name="cancellationToken">Checked between the rewrites.</param>
    public static void Apply(OnnxModel model, PassReport report, CancellationToken cancellationToken)
    {
        var sweep = new PatternSweep(Patterns);
        for (var round = 0; round < MaxRounds; round++)
        {
            var changed = 0;
            foreach (var rewrite in Rewrites)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var count = rewrite.Apply(new Graph(model), cancellationToken);
                model.ReleaseWeights();
                report.Changed(rewrite.Effect, count);
                changed += count;
            }

            changed += sweep.Apply(new Graph(model), report, cancellationToken);
            model.ReleaseWeights();
            if (changed == 0)
                return;
        }
    }
}
