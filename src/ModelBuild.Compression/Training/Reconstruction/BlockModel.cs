using ModelBuild.Compression.Calibration.Segments;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Layers.Sweeps;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Reconstruction;

/// <summary>Cuts a block out of a model.</summary>
internal static class BlockModel
{
    /// <summary>Returns a model that computes the outputs of a block from its input, and from the inputs of the whole model that it reads as well.</summary>
    /// <param name="whole">The model.</param>
    /// <param name="block">The block.</param>
    /// <param name="types">The types of the values of the model.</param>
    public static OnnxModel Of(OnnxModel whole, Block block, IReadOnlyDictionary<string, InferredTensor> types)
    {
        var flow = new ValueFlow(whole.Proto.Graph);
        HashSet<string> given = block.Input is null ? [] : [block.Input];
        var nodes = flow.Between(block.Outputs, given);
        return SegmentModel.Of(whole, new GraphSegment(nodes, [.. flow.Reads(nodes, given)], block.Outputs, Bytes: 0), types).Clone();
    }
}
