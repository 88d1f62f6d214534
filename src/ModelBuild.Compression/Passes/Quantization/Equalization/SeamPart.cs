using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.GraphEdits;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Passes.Quantization.Equalization;

/// <summary>A chain of nodes from one value to another that runs as a model of its own, in its own session.</summary>
internal sealed class SeamPart : IDisposable
{
    private readonly string _input;
    private readonly string _output;
    private readonly ModelRunner _runner;

    /// <summary>Creates the model of the chain and opens a session.</summary>
    /// <param name="main">The main graph.</param>
    /// <param name="input">The value that the first node reads.</param>
    /// <param name="nodes">The nodes; each reads the output of the one before it.</param>
    /// <param name="rank">The number of axes of the input.</param>
    /// <param name="weight">The weights that replace those of the same name; null to use the weights of the graph.</param>
    public SeamPart(Graph main, string input, IReadOnlyList<NodeProto> nodes, int rank, TensorProto? weight)
    {
        (_input, _output) = (input, nodes[^1].Output[0]);
        var graph = new GraphProto { Name = "part" };
        graph.Node.Add(nodes);
        graph.Input.Add(new InferredTensor(DataType.Float, [.. Enumerable.Repeat(-1L, rank)]).Declare(input));
        graph.Output.Add(new ValueInfoProto { Name = _output });
        foreach (var name in nodes.SelectMany(node => node.Input).Where(main.IsConstant).Distinct(StringComparer.Ordinal))
            graph.Initializer.Add(name == weight?.Name ? weight : main.Constant(name).WithName(name));
        var proto = new ModelProto { IrVersion = main.Model.Proto.IrVersion, Graph = graph };
        proto.OpsetImport.Add(main.Model.Proto.OpsetImport);
        _runner = new ModelRunner(Sessions.OpenPortable(new OnnxModel(proto), isPart: true));
    }

    /// <summary>Runs the chain and returns the output of its last node.</summary>
    public SampleArray Run(SampleArray input, CancellationToken cancellationToken) =>
        _runner.Run(
            new Sample(new Dictionary<string, SampleArray>(StringComparer.Ordinal) { [_input] = input }, Labels: null),
            [_output],
            Read,
            cancellationToken
        );

    /// <inheritdoc/>
    public void Dispose() => _runner.Dispose();

    private static SampleArray Read(IReadOnlyCollection<OrtValue> values)
    {
        var value = values.Single();
        return new SampleArray(DataType.Float, value.GetTensorTypeAndShape().Shape, MemoryMarshal.AsBytes(value.GetTensorDataAsSpan<float>()).ToArray());
    }
}
