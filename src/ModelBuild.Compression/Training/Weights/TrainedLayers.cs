using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.GraphEdits;
using ModelBuild.Compression.Options;
using ModelBuild.Compression.Training.Settings;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Weights;

/// <summary>
/// Selects the values of the layers that the options <c>layers</c> and <c>exclude</c> name. A layer is a node that reads a value together with an activation;
/// nodes that only compute weights, such as from codes and scales, lie between. With either option, the scales of activations are not trained, because several
/// layers share them.
/// </summary>
internal sealed class TrainedLayers
{
    private readonly Graph _graph;
    private readonly NamePatterns _layers;
    private readonly NamePatterns _exclude;
    private readonly bool _isAll;
    private readonly HashSet<string> _activations;

    /// <param name="model">The model, prepared for training. Its nodes are in topological order.</param>
    /// <param name="options">The options of the step.</param>
    public TrainedLayers(OnnxModel model, TrainingOptions options)
    {
        _graph = new Graph(model);
        (_layers, _exclude) = (new NamePatterns(options.Layers), new NamePatterns(options.Exclude));
        (_isAll, IsLimited) = (options.Layers.Length == 0, options.Layers.Length > 0 || options.Exclude.Length > 0);
        _activations = Activations.Of(model.Proto.Graph);
    }

    /// <summary>Whether one of the options limits the layers.</summary>
    public bool IsLimited { get; }

    /// <summary>Returns those of the given values that are trained.</summary>
    /// <param name="step">The name of the step, for messages.</param>
    /// <param name="values">All values that training may change.</param>
    /// <exception cref="CompressionException">MB1005: no value is left.</exception>
    public IReadOnlyList<TrainedValue> Select(string step, IReadOnlyList<TrainedValue> values)
    {
        if (!IsLimited)
            return values;
        return Selected(values) is { Count: > 0 } selected
            ? selected
            : throw new CompressionException(
                Codes.UnknownOption,
                $"The step '{step}' trains nothing: no layer with weights fits its options layers and exclude."
            );
    }

    /// <summary>Returns the values of the layers that the options name. There may be none.</summary>
    public IReadOnlyList<TrainedValue> Selected(IReadOnlyList<TrainedValue> values) =>
        IsLimited ? [.. values.Where(value => IsSelected([.. Readers(value.Input.Name)]))] : values;

    /// <summary>Returns whether the options select a layer for training.</summary>
    public bool Selects(NodeProto node) => !IsLimited || IsSelected(node);

    // Returns whether a value with these readers is trained. The scale of an activation is read by its QuantizeLinear and by the DequantizeLinear after it. A
    // value that an excluded layer shares with others is not trained.
    private bool IsSelected(NodeProto[] readers) =>
        !readers.Any(reader => reader.OpType == "QuantizeLinear" || _exclude.Match(reader)) && readers.Any(IsSelected);

    private bool IsSelected(NodeProto node) => (_isAll || _layers.Match(node)) && !_exclude.Match(node);

    private IEnumerable<NodeProto> Readers(string value)
    {
        foreach (var use in _graph.Consumers(value))
            if (use.Node.Input.Any(_activations.Contains))
                yield return Layer(use.Node);
            else
                foreach (var reader in use.Node.Output.SelectMany(Readers))
                    yield return reader;
    }

    // Returns the node whose name selects a reader of a value. The rows of a table in int8 are dequantized after the Gather that selects them, so this Gather
    // is the layer.
    private NodeProto Layer(NodeProto reader) =>
        reader.OpType == "DequantizeLinear" && _graph.Producer(reader.Input[0]) is { OpType: "Gather" } gather ? gather : reader;
}
