using System.Runtime.InteropServices;
using ModelBuild.Compression.Execution;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Support;

/// <summary>Samples that a test creates.</summary>
internal sealed class ListedSamples(IEnumerable<Sample> samples) : ISampleSource
{
    public InputKind Kind => InputKind.Calibration;

    public IEnumerable<Sample> Read(CancellationToken cancellationToken) => samples;

    /// <summary>Returns calls of a model with one input of floats.</summary>
    public static ListedSamples Of(string input, params (long[] Shape, float[] Values)[] calls) =>
        new([.. calls.Select(call => Call(input, call.Shape, call.Values))]);

    public static Sample Call(string input, long[] shape, float[] values) =>
        new(new Dictionary<string, SampleArray> { [input] = new(DataType.Float, shape, MemoryMarshal.AsBytes<float>(values).ToArray()) }, null);
}
