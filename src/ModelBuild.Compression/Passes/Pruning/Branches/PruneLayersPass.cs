using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.GraphEdits;
using ModelBuild.Compression.Layers.Sweeps;
using ModelBuild.Compression.Operators;
using ModelBuild.Compression.Options;
using ModelBuild.Compression.Search;
using ModelBuild.Compression.Work;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Pruning.Branches;

/// <summary>
/// The step <c>prune-layers</c>: removes whole residual branches one after another, each time the branch without which the model's outputs on held-out
/// samples change least (Veit et al. 2016, Residual Networks Behave Like Ensembles of Relatively Shallow Networks, arXiv 1605.06431). After each removal the
/// best candidates are measured again. Then the layers behind the first removed branch are solved again.
/// </summary>
internal sealed class PruneLayersPass(PruneLayersOptions options) : IPass
{
    private const int EvaluatedCalls = 8;

    // The number of remaining branches that are measured again after each removal of a branch.
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
            .Find(main, ShapeInference.DescribeOutputs(context.Model, shapes))
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

    // Removes the branches with the least effect one after another. Returns the name of the first sum, in the order of the graph, that lost a branch.
    private string Remove(PassContext context, Graph main, List<ResidualBranch> branches)
    {
        using var evaluator = new HeldOutEvaluator(context, EvaluatedCalls);
        var order = main
            .Nodes.Select(node => node.Output[0])
            .Where(output => output.Length > 0)
            .Index()
            .ToDictionary(node => node.Item, node => node.Index, StringComparer.Ordinal);
        var most = branches.Count + Math.Min(Compared, branches.Count - 1) * Math.Min(options.Count - 1, branches.Count - 1);
        var trials = new Trials<ResidualBranch>(context.Work, new TrialWork("branch", most) { IsLimit = true });
        List<Trial<ResidualBranch>> ranking = [.. branches.Select(Evaluate).OrderByDescending(trial => trial.SqnrDb)];
        var gone = new List<Trial<ResidualBranch>>();
        while (true)
        {
            ranking[0].Subject.Remove(main);
            gone.Add(ranking[0]);
            context.Report.Changed("residual branches removed");
            ranking.RemoveAt(0);
            if (gone.Count == options.Count || ranking.Count == 0)
                break;
            ranking = [.. ranking.Take(Compared).Select(trial => Evaluate(trial.Subject)).OrderByDescending(trial => trial.SqnrDb), .. ranking.Skip(Compared)];
        }

        trials.Report(context.Report, gone);
        return gone.Select(trial => trial.Subject.Sum).MinBy(sum => order[sum])!;

        Trial<ResidualBranch> Evaluate(ResidualBranch branch)
        {
            trials.Begin($"without {string.Join(", ", branch.Layers.Select(NodeLabel.Of))}");
            var model = context.Model.Clone();
            branch.Remove(new Graph(model));
            return trials.Evaluate(evaluator, branch, model);
        }
    }
}
