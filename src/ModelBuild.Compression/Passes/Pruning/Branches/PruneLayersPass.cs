using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.GraphEdits;
using ModelBuild.Compression.Layers.Sweeps;
using ModelBuild.Compression.Operators;
using ModelBuild.Compression.Options;
using ModelBuild.Compression.Reports;
using ModelBuild.Compression.Search;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Pruning.Branches;

/// <summary>
/// The step <c>prune-layers</c>: removes whole residual branches one after another, each time the branch without which the model's outputs on held-out
/// samples change least (Veit et al. 2016, Residual Networks Behave Like Ensembles of Relatively Shallow Networks, arXiv 1605.06431). After each removal the
/// best candidates are measured again. Then the layers behind the first removed branch are solved again.
/// </summary>
internal sealed class PruneLayersPass(PruneLayersOptions options) : IPass
{
    private const int JudgedCalls = 8;

    // The number of remaining branches that are measured again after a branch was removed.
    private const int Compared = 4;

    public void Run(PassContext context)
    {
        if (options.Count < 1)
            throw new CompressionException(Codes.UnknownOption, "The count of prune-layers is 1 or more.");
        var samples =
            context.Calibration?.All
            ?? throw new CompressionException(
                Codes.CalibrationMissing,
                "The step 'prune-layers' needs the inputs themselves to measure which branches matter. Give CalibrationData, or remove the step."
            );
        var main = new Graph(context.Model);
        var shapes = samples.Read(context.CancellationToken).First().Shapes();
        var excluded = new NamePatterns(options.Exclude);
        var branches = ResidualBranch
            .Find(main, ShapeInference.Describe(context.Model, shapes, main.Nodes.SelectMany(node => node.Output).Where(value => value.Length > 0)))
            .Where(branch => !branch.Layers.Any(layer => excluded.Match(layer)))
            .ToList();
        if (branches.Count == 0)
        {
            context.Report.Leave("all layers", "the model has no residual branch");
            return;
        }

        var reference = context.Model.Clone();
        var first = Remove(context, main, branches);
        new DeadCodeElimination().Apply(main, context.CancellationToken);
        var original = new Graph(reference);
        var behind = original.Nodes.SkipWhile(node => !node.Output.Contains(first)).Select(node => node.Output[0]).ToHashSet(StringComparer.Ordinal);
        LayerRepair.Run(
            context,
            [
                .. main
                    .Nodes.Where(node => behind.Contains(node.Output[0]))
                    .Select(node => FloatLayer.TryCreate(main, node, original, out _))
                    .OfType<FloatLayer>(),
            ],
            reference,
            samples
        );
    }

    // Returns the first sum of which a branch was removed.
    private string Remove(PassContext context, Graph main, List<ResidualBranch> branches)
    {
        using var judge = new HeldOutJudge(context, JudgedCalls);
        var order = main
            .Nodes.Select(node => node.Output[0])
            .Where(output => output.Length > 0)
            .Index()
            .ToDictionary(node => node.Item, node => node.Index, StringComparer.Ordinal);
        var ranking = branches.Select(branch => (Branch: branch, SqnrDb: Judge(context, judge, branch))).OrderByDescending(rank => rank.SqnrDb).ToList();
        var gone = new List<ResidualBranch>();
        while (true)
        {
            var (branch, sqnrDb) = ranking[0];
            branch.Remove(main);
            gone.Add(branch);
            context.Report.Changed("residual branches removed");
            context.Report.Tried(new TrialOutcome($"without {string.Join(", ", branch.Layers.Select(NodeLabel.Of))}", sqnrDb, Kept: true));
            ranking.RemoveAt(0);
            if (gone.Count == options.Count || ranking.Count == 0)
                return gone.MinBy(branch => order[branch.Sum])!.Sum;
            ranking =
            [
                .. ranking.Take(Compared).Select(rank => (rank.Branch, SqnrDb: Judge(context, judge, rank.Branch))).OrderByDescending(rank => rank.SqnrDb),
                .. ranking.Skip(Compared),
            ];
        }
    }

    private static double Judge(PassContext context, HeldOutJudge judge, ResidualBranch branch)
    {
        var trial = context.Model.Clone();
        var main = new Graph(trial);
        branch.Remove(main);
        return judge.SqnrDb(trial);
    }
}
