using System.Runtime.InteropServices;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Training.Preparation;

/// <summary>Creates samples of random numbers for the float32 inputs of a small model. Open sizes are 1.</summary>
internal static class RandomRows
{
    public static FixedSamples Of(OnnxModel model, int count) => new([.. Enumerable.Range(0, count).Select(i => Row(model, i))]);

    public static Sample Row(OnnxModel model, int seed) =>
        new(
            model.Proto.Graph.Input.ToDictionary(
                input => input.Name,
                input => Array([.. input.Type.TensorType.Shape.Dim.Select(size => size.HasDimValue ? size.DimValue : 1)], seed + (101 * input.Name.Length))
            ),
            Labels: null
        );

    private static SampleArray Array(long[] shape, int seed) =>
        new(DataType.Float, shape, MemoryMarshal.AsBytes<float>(Noise.Floats(SampleArray.Count(shape), seed)).ToArray());
}
