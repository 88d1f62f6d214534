using System.Runtime.InteropServices;
using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Verification;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Calibration;

/// <summary>Tests that positions of a sample that are padding are excluded from the fit of layers and from the comparison of outputs.</summary>
public sealed class SampleMaskTests
{
    public static TheoryData<string, int, bool> Masks
    {
        get
        {
            var masks = new TheoryData<string, int, bool>();
            foreach (var type in new[] { DataType.Int64, DataType.Int32, DataType.Bool, DataType.Float })
            foreach (var (name, isInverted) in new[] { ("attention_mask", false), ("key_padding_mask", true) })
                masks.Add(name, (int)type, isInverted);
            return masks;
        }
    }

    [Theory]
    [MemberData(nameof(Masks))]
    public void Masks_of_padding_are_read_the_other_way_round(string name, int type, bool isInverted)
    {
        bool[] real = [true, true, false, true, false, false];
        var sample = Sample(name, (DataType)type, [2, 3], Array.ConvertAll(real, isReal => isReal != isInverted ? 1 : 0));

        Assert.Equal(real, SampleMask.Of(sample));
        var part = new ComparedPart("y", FidelityKind.Embedding) { Mask = name };
        Assert.Equal(real, MaskRule.Kept(part, sample, new OutputValues(true, [2, 3, 4], new double[24], [])));
    }

    [Fact]
    public void What_is_no_mask_leaves_nothing_out()
    {
        Assert.Null(SampleMask.Of(Sample("input_ids", DataType.Int64, [2, 3], [1, 0, 1, 0, 1, 0])));
        Assert.Null(SampleMask.Of(Sample("attention_mask", DataType.Int64, [6], [1, 0, 1, 0, 1, 0])));
        Assert.Null(SampleMask.Of(Sample("attention_mask", DataType.Int64, [2, 3], [1, 0, 1, 0, 2, 0])));
        Assert.Null(SampleMask.Of(Sample("attention_mask", DataType.Int64, [2, 3], [1, 1, 1, 1, 1, 1])));
    }

    private static Sample Sample(string name, DataType type, long[] shape, int[] values)
    {
        byte[] data = type switch
        {
            DataType.Int64 => [.. MemoryMarshal.AsBytes<long>(Array.ConvertAll(values, value => (long)value))],
            DataType.Int32 => [.. MemoryMarshal.AsBytes<int>(values)],
            DataType.Float => [.. MemoryMarshal.AsBytes<float>(Array.ConvertAll(values, value => (float)value))],
            _ => Array.ConvertAll(values, value => (byte)value),
        };
        return new Sample(new Dictionary<string, SampleArray> { [name] = new SampleArray(type, shape, data) }, Labels: null);
    }
}
