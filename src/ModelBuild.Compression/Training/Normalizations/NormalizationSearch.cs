using ModelBuild.Compression.Execution;
using ModelBuild.Compression.GraphEdits;
using ModelBuild.Compression.Reports;
using ModelBuild.Compression.Training.Buffers;
using ModelBuild.Compression.Training.Preparation;
using ModelBuild.Compression.Training.Settings;
using ModelBuild.Compression.Training.Weights;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Training.Normalizations;

/// <summary>
/// Finds the <c>BatchNormalization</c> nodes whose statistics can be estimated again. The statistics of nodes in a branch of <c>If</c> cannot, because only
/// some rows may pass through it. Statistics that two nodes share cannot either, because one value does not fit the activations of both.
/// </summary>
internal sealed class NormalizationSearch
{
    private readonly Graph _graph;
    private readonly Graph _original;
    private readonly TrainedLayers _layers;
    private readonly Dictionary<string, DataType> _types;

    private NormalizationSearch(OnnxModel model, OnnxModel original, IReadOnlyDictionary<string, long[]> shapes, TrainedLayers layers)
    {
        (_graph, _original, _layers) = (new Graph(model), new Graph(original), layers);
        _types = RankInference.DescribeOutputs(model, shapes).ToDictionary(value => value.Key, value => value.Value.Type, StringComparer.Ordinal);
        foreach (var input in model.Proto.Graph.Input)
            _types[input.Name] = (DataType)input.Type.TensorType.ElemType;
    }

    /// <summary>Finds the nodes that the training options select.</summary>
    /// <param name="model">The model, prepared for training. Its nodes are in topological order.</param>
    /// <param name="original">The model to which the statistics return.</param>
    /// <param name="shapes">The shapes of the inputs in a batch.</param>
    /// <param name="options">The options of the step.</param>
    /// <returns>The nodes; null if the options leave all statistics as they are.</returns>
    public static NormalizationLayers? Find(OnnxModel model, OnnxModel original, IReadOnlyDictionary<string, long[]> shapes, TrainingOptions options) =>
        options.Statistics == StatisticsMode.Frozen ? null : new NormalizationSearch(model, original, shapes, new TrainedLayers(model, options)).Find();

    private NormalizationLayers Find()
    {
        var (estimated, left) = (new List<NormalizationLayer>(), new List<Skipped>());
        var depths = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var node in _graph.Nodes)
        {
            var depth = CapturedValues.WithInputs(node).Max(value => (int?)depths.GetValueOrDefault(value)) ?? 0;
            if (node.Is("BatchNormalization"))
            {
                if (WhyNot(node) is { } why)
                    left.Add(new Skipped(Name(node), why));
                else
                    estimated.Add(Layer(node, depth++));
            }

            foreach (var output in node.Output)
                depths[output] = depth;
        }

        foreach (var node in _graph.SelfAndSubgraphs().Where(scope => scope.Parent is not null).SelectMany(scope => scope.Nodes))
            if (node.Is("BatchNormalization"))
                left.Add(new Skipped(Name(node), "it is in a branch, through which only some rows may pass"));
        return new NormalizationLayers(estimated, left);
    }

    private string? WhyNot(NodeProto node) =>
        node.GetInt("training_mode") != 0 ? "it computes the statistics of each batch"
        : !_layers.Selects(node) ? "the options of the step leave its layer out"
        : _types.GetValueOrDefault(node.Input[0]) != DataType.Float ? "its input is not float32"
        : node.Input[3] == node.Input[4] ? "its mean is its variance"
        : WhyNot(node.Input[3]) ?? WhyNot(node.Input[4]);

    private string? WhyNot(string value) =>
        BranchConstants.ScopeOf(_original, value) is not { } scope
        || !scope.TryGetConstant(value, out var stored)
        || !_graph.TryGetConstant(value, out var tensor)
        || tensor.DataType != (int)DataType.Float
        || stored.DataType != (int)DataType.Float
            ? $"'{value}' is no float32 constant of the model"
        : _graph.Consumers(value).Count > 1 || _graph.IsOutputAnywhere(value) ? $"'{value}' is shared with another node"
        : null;

    private NormalizationLayer Layer(NodeProto node, int depth) =>
        new(node.Input[0], depth, node.GetFloat("epsilon", 1e-5f), Value(node.Input[3]), Value(node.Input[4]));

    private PlainValue Value(string name)
    {
        var tensor = _graph.Constant(name);
        return new PlainValue(new Parameter(name, [.. tensor.Dims], tensor.ToFloats()), KeptZeros.None);
    }

    private static string Name(NodeProto node) => node.Name.Length > 0 ? node.Name : node.Output[0];
}
