using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.GraphEdits;
using ModelBuild.Compression.Layers.Sweeps;
using ModelBuild.Compression.Options;
using ModelBuild.Compression.Signatures;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Factorization;

/// <summary>Finds the layers of a main graph that two can take the place of, and says why the others are left alone.</summary>
/// <param name="context">With the model that is changed.</param>
/// <param name="reference">The same model, which stays as it is.</param>
/// <param name="exclude">Patterns of names to leave alone.</param>
internal sealed class FactorableLayers(PassContext context, OnnxModel reference, string exclude)
{
    // Of the mean layer's multiply-adds: what has less costs accuracy and saves nothing, such as a first layer or a classifier.
    private const double WorthFactoring = 0.1;

    // Where the size of an output is unknown: a 14 × 14 map, ImageNet networks' middle; one row.
    private const double TypicalMap = 196;

    private readonly Graph _main = new(context.Model);

    /// <summary>The layers, in topological order.</summary>
    /// <param name="forms">What can be made of a layer of given sizes.</param>
    public IReadOnlyList<FactorableLayer> Find(Func<FactorGeometry, IReadOnlyList<FactorForm>> forms)
    {
        var patterns = new NamePatterns(exclude);
        var original = new Graph(reference);
        var nodes = _main.Nodes.Where(node => node.OpType is "Conv" or "Gemm" or "MatMul").ToArray();
        foreach (var node in _main.Nodes.Where(node => node.Is("ConvTranspose")))
            Leave(node, "transposed convolutions are not divided in two");
        var shapes = ShapeInference.Infer(
            reference,
            InputShapes(),
            nodes.SelectMany(node => new[] { node.Input[0], node.Output[0] }).Where(value => !_main.IsInput(value)).Distinct(StringComparer.Ordinal)
        );
        // Layers of unknown size are compared with others by their weights.
        var isKnown = nodes.All(node => shapes.ContainsKey(node.Output[0]));
        var found = new List<FactorableLayer>();
        foreach (var node in nodes)
        {
            context.CancellationToken.ThrowIfCancellationRequested();
            if (patterns.Match(node) || patterns.Match(node.InputAt(1)))
            {
                Leave(node, "it is excluded");
                continue;
            }

            var layer = FloatLayer.TryCreate(_main, node, original, out var why);
            if (layer is not null && layer.Groups > 1)
                why = "it is a convolution in groups";
            if (why is not null)
                Leave(node, why);
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
        int[] kernel = node.OpType == "Conv" ? [.. _main.Constant(node.Input[1]).Dims.Skip(2).Select(size => (int)size)] : [];
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
                Leave(layer.Node, "its kernel is not of a kind that can be divided so");
            else
                worthwhile.Add(layer);
        return [.. worthwhile];
    }

    private Dictionary<string, long[]> InputShapes()
    {
        if (context.Calibration?.Fit?.Read(context.CancellationToken).FirstOrDefault() is { } sample)
            return sample.Shapes();
        // What open dimensions are hardly changes which layers are large.
        return SignatureReader
            .Read(reference)
            .Inputs.Where(input => input.Shape is not null)
            .ToDictionary(input => input.Name, OpenDimensions.Guesses[0].Shape, StringComparer.Ordinal);
    }

    private void Leave(NodeProto node, string why) => context.Report.Leave(node.Name.Length > 0 ? node.Name : node.Output[0], why);
}
