using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.GraphEdits;
using ModelBuild.Compression.Layers.Sweeps;
using ModelBuild.Compression.Operators;
using ModelBuild.Compression.Options;
using ModelBuild.Compression.Signatures;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Factorization;

/// <summary>Finds the layers of a main graph that two layers can replace, and reports the reason for the other layers.</summary>
/// <param name="context">The context with the model that is changed.</param>
/// <param name="reference">The original model.</param>
/// <param name="exclude">Patterns of the names of layers that do not change.</param>
internal sealed class FactorableLayers(PassContext context, OnnxModel reference, string exclude)
{
    // The least share of the mean layer's multiply-adds that makes a factorization worthwhile. A smaller layer, such as a first layer or a classifier, loses
    // accuracy and saves almost no work.
    private const double WorthFactoring = 0.1;

    // The number of positions that is assumed for an output of unknown size: a 14 × 14 map, as in the middle of ImageNet networks. A matrix has one row
    // instead.
    private const double TypicalMap = 196;

    private static readonly Refusal Grouped = new("it is a grouped convolution");

    private readonly Graph _main = new(context.Model);

    /// <summary>Returns the layers that can be replaced, in topological order.</summary>
    /// <param name="forms">Returns the forms that a layer of the given sizes can take.</param>
    public IReadOnlyList<FactorableLayer> Find(Func<FactorGeometry, IReadOnlyList<FactorForm>> forms)
    {
        var patterns = new NamePatterns(exclude);
        var original = new Graph(reference);
        var nodes = _main.Nodes.Where(node => WeightedOperator.LinearKind(node) is WeightedKind.Convolution or WeightedKind.Product).ToArray();
        foreach (var node in _main.Nodes.Where(node => WeightedOperator.LinearKind(node) == WeightedKind.TransposedConvolution))
            Leave(node, "transposed convolutions are not factored");
        var shapes = ShapeInference.Infer(
            reference,
            InputShapes(),
            nodes.SelectMany(node => new[] { node.Input[0], node.Output[0] }).Where(value => !_main.IsInput(value)).Distinct(StringComparer.Ordinal)
        );
        // If the output size of any layer is unknown, layers are compared by their numbers of weights instead of multiply-adds.
        var isKnown = nodes.All(node => shapes.ContainsKey(node.Output[0]));
        var found = new List<FactorableLayer>();
        foreach (var node in nodes)
        {
            context.CancellationToken.ThrowIfCancellationRequested();
            if (patterns.Match(node) || patterns.Match(node.InputAt(1)))
            {
                Leave(node, "the recipe excludes it");
                continue;
            }

            var layer = FloatLayer.TryCreate(_main, node, original, out var refusal);
            if (layer is not null && layer.Groups > 1)
                refusal = Grouped;
            if (refusal is not null)
                Leave(node, refusal.Text);
            else if (layer is not null)
                found.Add(Create(node, layer, shapes, isKnown, forms));
        }

        return Worthwhile(found);
    }

    private FactorableLayer Create(
        NodeProto node,
        FloatLayer layer,
        IReadOnlyDictionary<string, long[]> shapes,
        bool isKnown,
        Func<FactorGeometry, IReadOnlyList<FactorForm>> forms
    )
    {
        var found = WeightedOperator.Of(node);
        int[] kernel = found.IsConvolution ? [.. _main.Constant(node.Input[found.WeightInput]).Dims.Skip(2).Select(size => (int)size)] : [];
        var channels = layer.Inputs / kernel.Aggregate(1, (a, b) => a * b);
        var output = shapes.GetValueOrDefault(node.Output[0]);
        var input = shapes.GetValueOrDefault(node.Input[0]);
        var positions =
            isKnown ? output!.Aggregate(1.0, (a, b) => a * b) / layer.Outputs
            : kernel.Length > 0 ? TypicalMap
            : 1;
        var widening =
            output is { Length: > 0 } && input is not null && output[^1] > 0 ? (double)input[^1] / output[^1]
            : node.GetInts("strides") is { Length: > 0 } strides ? strides[^1]
            : 1;
        var geometry = new FactorGeometry(layer.Outputs, channels, kernel, positions, widening);
        return new FactorableLayer(_main, node, layer.Source, geometry, forms(geometry))
        {
            Groups = 1,
            Outputs = layer.Outputs,
            Inputs = layer.Inputs,
            Bias = layer.Bias,
        };
    }

    private FactorableLayer[] Worthwhile(List<FactorableLayer> layers)
    {
        var mean = layers.Count == 0 ? 0 : layers.Average(layer => layer.Geometry.AllWork);
        var worthwhile = new List<FactorableLayer>();
        foreach (var layer in layers)
            if (layer.Geometry.AllWork < WorthFactoring * mean)
                Leave(layer.Node, "it has less than a tenth of the mean layer's multiply-adds");
            else if (layer.Forms.Count == 0)
                Leave(layer.Node, "this factorization does not exist for its kernel");
            else
                worthwhile.Add(layer);
        return [.. worthwhile];
    }

    private Dictionary<string, long[]> InputShapes()
    {
        if (context.Calibration?.Fit?.Read(context.CancellationToken).FirstOrDefault() is { } sample)
            return sample.Shapes();
        // Without a sample, sizes are assumed for dynamic dimensions, because these sizes have little effect on which layers are large.
        return SignatureReader
            .Read(reference)
            .Inputs.Where(input => input.Shape is not null)
            .ToDictionary(input => input.Name, DynamicDimensions.Guesses[0].Shape, StringComparer.Ordinal);
    }

    private void Leave(NodeProto node, string why) => context.Report.Leave(NodeLabel.Name(node), why);
}
