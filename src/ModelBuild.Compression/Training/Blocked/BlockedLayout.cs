using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Operators;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Training.Blocked;

/// <summary>
/// The layout NCHWc, in which ONNX Runtime convolves fastest on CPUs: channels are stored in blocks, so that a vector holds the channels of one position. ONNX
/// Runtime itself converts convolutions with constant weights only. The weights of a training graph change, so this code converts the convolutions of a
/// training graph.
/// </summary>
internal static class BlockedLayout
{
    private static readonly Lazy<int> Probed = new(Probe);

    /// <summary>The number of channels of a block on this CPU; 0 if ONNX Runtime has no blocked convolutions for it.</summary>
    public static int BlockSize => Probed.Value;

    /// <summary>Returns whether a number of channels is stored in whole blocks.</summary>
    public static bool Fits(long channels) => BlockSize > 0 && channels > 0 && channels % BlockSize == 0;

    // Finds the block size from a small convolution: ONNX Runtime pads its output channels to a whole block, so the padded weights have the size of one block.
    private static int Probe()
    {
        var graph = new GraphProto { Name = "probe" };
        graph.Input.Add(new InferredTensor(DataType.Float, [1, 1, 4, 4]).Declare("x"));
        graph.Output.Add(new InferredTensor(DataType.Float, [1, 1, 4, 4]).Declare("y"));
        graph.Initializer.Add(Tensors.Create("w", [1, 1, 3, 3], new float[9]));
        graph.Node.Add(Nodes.Create("Conv", ["x", "w"], ["y"], attributes: ("pads", (long[])[1, 1, 1, 1])));
        var model = new ModelProto { IrVersion = 8, Graph = graph };
        model.OpsetImport.Add(new OperatorSetIdProto { Version = 17 });
        var optimized = new Graph(OptimizedGraph.Of(new OnnxModel(model), isForThisProcessor: true));
        return
            optimized.Nodes.FirstOrDefault(node => node.Domain == Domains.Nchwc && WeightedOperator.FindStored(node) is { IsConvolution: true }) is { } blocked
            && optimized.TryGetConstant(blocked.Input[1], out var weights)
            ? (int)weights.Dims[0]
            : 0;
    }
}
