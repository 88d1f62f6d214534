using System.Globalization;
using ModelBuild.Compression.Formats;
using ModelBuild.Compression.Options;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Precision;

/// <summary>
/// Decides which nodes compute in 16 bits: all nodes whose operator supports them at the model's opset and whose numbers are in range, except for groups of
/// nodes without a layer, which would need more Casts than they save. Cheap nodes at the borders are then assigned to the side that needs fewer Casts.
/// </summary>
internal static class PrecisionPlan
{
    private const string Island = "no neighbouring layer computes in 16 bits, so only Casts would be added";

    /// <summary>Sets <see cref="FloatNode.IsNarrow"/> and <see cref="FloatNode.WhyFloat32"/> of every node.</summary>
    public static void Decide(FloatGraph graph, OnnxModel model, ConversionSettings settings)
    {
        var exclude = new NamePatterns(settings.Exclude);
        var sizes = SizeComputations(graph);
        var fit = new ConstantFit(settings.Format);
        foreach (var node in graph.Nodes)
        {
            node.WhyFloat32 ??=
                WhyNot(node, model, settings, exclude)
                ?? (sizes.Contains(node) ? "it computes sizes" : null)
                ?? (node.Rule!.Multiplies ? node.Inputs.Select(fit.WhyNot).FirstOrDefault(why => why is not null) : null);
            node.IsNarrow = node.WhyFloat32 is null;
        }

        if (settings.Islands)
            return;
        LeaveIslands(graph);
        MoveBorders(graph);
    }

    private static string? WhyNot(FloatNode node, OnnxModel model, ConversionSettings settings, NamePatterns exclude)
    {
        var (proto, format) = (node.Proto, settings.Format);
        if (node.Rule is null)
            return $"{proto.OpType} stays float32";
        if (node.Rule.Since(format) == OperatorRule.Never)
            return $"{proto.OpType} does not support {format.Name}";
        if (model.Opset(proto.Domain) < node.Rule.Since(format))
            return string.Create(
                CultureInfo.InvariantCulture,
                $"{proto.OpType} supports {format.Name} from opset {node.Rule.Since(format)}, and the model's opset is {model.Opset(proto.Domain)}"
            );
        if (settings.Float32.Contains(node.Ordinal))
            return "the outputs need it in float32";
        if (exclude.Match(node.Label) || exclude.Match(proto.OpType))
            return "the recipe excludes it";
        if (proto.Is("BatchNormalization") && proto.Output.Count(output => output.Length > 0) > 1)
            return "it is in training mode";
        return node.Scope.Parent is null && proto.Input.Concat(proto.Output).FirstOrDefault(settings.Overflowing.ContainsKey) is { } value
            ? string.Create(CultureInfo.InvariantCulture, $"'{value}' reaches {settings.Overflowing[value]:G3}, beyond {format.Name}'s range")
            : null;
    }

    // Returns the nodes that compute with shapes, which stay exact in float32. Sizes and indices are integers that a fraction of 11 bits cannot hold.
    private static HashSet<FloatNode> SizeComputations(FloatGraph graph)
    {
        var sizes = new HashSet<(Graph, string)>();
        var found = new HashSet<FloatNode>();
        foreach (var (scope, node) in graph.Scopes.SelectMany(scope => scope.Nodes, (scope, node) => (scope, node)))
        {
            bool IsSize(string value) => scope.ScopeOf(value) is { } definer && sizes.Contains((definer, value));
            if (
                node.Is("ConstantOfShape")
                || node.Is("Expand")
                || !(
                    node.Is("Shape")
                    || node.Is("Size")
                    || (node.Input.Any(IsSize) && node.Input.All(value => value.Length == 0 || IsSize(value) || scope.IsConstant(value)))
                )
            )
                continue;
            foreach (var output in node.Output)
                sizes.Add((scope, output));
            if (graph.Find(node) is { Rule.TakesAny: false } or { Outputs.Count: > 0 })
                found.Add(graph.Find(node)!);
        }

        return found;
    }

    private static void LeaveIslands(FloatGraph graph)
    {
        var visited = new HashSet<FloatNode>();
        foreach (var start in graph.Nodes.Where(node => node.IsNarrow))
        {
            if (!visited.Add(start))
                continue;
            var island = new List<FloatNode> { start };
            for (var i = 0; i < island.Count; i++)
                island.AddRange(Neighbours(island[i]).Where(visited.Add));
            if (
                island.Exists(node =>
                    node.Rule!.Kind == OperatorKind.Layer || node.Inputs.Concat(node.Outputs).Any(value => value.IsNarrowInput || value.IsNarrowOutput)
                )
            )
                continue;
            foreach (var node in island)
                (node.IsNarrow, node.WhyFloat32) = (false, Island);
        }
    }

    private static IEnumerable<FloatNode> Neighbours(FloatNode node) =>
        node
            .Inputs.Where(value => value.Producer is { IsNarrow: true })
            .Select(value => value.Producer!)
            .Concat(node.Outputs.SelectMany(value => value.Readers).Where(reader => reader.IsNarrow));

    // Moves the borders between float32 and the narrow type. Each change removes a Cast, so the loop ends.
    private static void MoveBorders(FloatGraph graph)
    {
        var open = true;
        while (open)
        {
            open = false;
            foreach (var node in graph.Nodes.Where(node => node.Rule is { Kind: not OperatorKind.Layer } && node.WhyFloat32 is null or Island))
            {
                var before = Casts(node);
                node.IsNarrow = !node.IsNarrow;
                if (Casts(node) < before)
                    open = true;
                else
                    node.IsNarrow = !node.IsNarrow;
            }
        }
    }

    private static int Casts(FloatNode node) => node.Inputs.Concat(node.Outputs).Distinct().Sum(value => value.Casts);
}
