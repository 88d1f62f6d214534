using System.Runtime.InteropServices;
using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Signatures;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Calibration;

public sealed class SyntheticTokensTests
{
    private const int Positions = 32;

    public static IEnumerable<ITheoryDataRow> Masks()
    {
        var masks = new TheoryData<DataType, string>();
        foreach (var type in new[] { DataType.Int64, DataType.Int32, DataType.Bool, DataType.Float })
        foreach (var batch in new[] { "batch", "1", "3" })
            masks.Add(type, batch);
        return masks;
    }

    [Theory]
    [MemberData(nameof(Masks))]
    internal void Masks_hold_ones_and_then_zeros_and_tokens_behind_them_are_zero(DataType type, string batch)
    {
        var samples = Make(type, "attention_mask", batch);

        foreach (var (index, sample) in samples.Index())
        {
            var (mask, ids, kinds) = (Numbers(sample.Inputs["attention_mask"]), Numbers(sample.Inputs["input_ids"]), Numbers(sample.Inputs["token_type_ids"]));
            var rows = ids.Length / Positions;
            Assert.Equal(
                batch == "batch"
                    ? index == samples.Length - 1
                        ? 2
                        : 1
                    : int.Parse(batch, System.Globalization.CultureInfo.InvariantCulture),
                rows
            );
            Assert.All(kinds, kind => Assert.Equal(0, kind));
            for (var row = 0; row < rows; row++)
            {
                var length = (int)mask[(row * Positions)..((row + 1) * Positions)].Sum();
                var isEmpty = rows > 1 && index == samples.Length - 1 && row == rows - 1;
                Assert.InRange(length, isEmpty ? 0 : Positions / 2, isEmpty ? 0 : Positions);
                for (var i = 0; i < Positions; i++)
                {
                    Assert.Equal(i < length ? 1 : 0, mask[row * Positions + i]);
                    if (i >= length)
                        Assert.Equal(0, ids[row * Positions + i]);
                }
            }

            Assert.InRange(ids.Max(), 1, 99);
        }
    }

    [Fact]
    public void A_padding_mask_says_which_positions_to_leave_out()
    {
        var mask = Numbers(Make(DataType.Bool, "key_padding_mask", "batch")[0].Inputs["key_padding_mask"]);

        Assert.InRange(mask.Sum(), 0, Positions / 2);
        Assert.Equal(mask.Order(), mask);
    }

    [Fact]
    public void Lengths_differ_from_sample_to_sample() =>
        Assert.True(
            Make(DataType.Int64, "attention_mask", "batch").Select(sample => Numbers(sample.Inputs["attention_mask"])[..Positions].Sum()).Distinct().Count() > 1
        );

    private static Sample[] Make(DataType type, string mask, string batch)
    {
        var net = new Net()
            .OpenInput("input_ids", batch, "32")
            .OpenInput(mask, batch, "32")
            .OpenInput("token_type_ids", batch, "32")
            .Weight("words", 100, 4)
            .Weight("kinds", 2, 4)
            .Node("Gather", "words input_ids", "w")
            .Node("Gather", "kinds token_type_ids", "k")
            .Node("Add", "w k", "y")
            .Node("Cast", mask, "m", ("to", (long)DataType.Float))
            .Output("y", "m");
        var model = net.Build();
        foreach (var input in model.Proto.Graph.Input)
            input.Type.TensorType.ElemType = (int)(input.Name == mask ? type : DataType.Int64);
        return [.. new SyntheticInputs(model, SignatureReader.Read(model), DynamicDimensions.Guesses[0]).Read(CancellationToken.None)];
    }

    private static double[] Numbers(SampleArray array) =>
        array.Type switch
        {
            DataType.Int64 => [.. MemoryMarshal.Cast<byte, long>(array.Data).ToArray().Select(value => (double)value)],
            DataType.Int32 => [.. MemoryMarshal.Cast<byte, int>(array.Data).ToArray().Select(value => (double)value)],
            DataType.Float => [.. array.Floats.ToArray().Select(value => (double)value)],
            _ => [.. array.Data.Select(value => (double)value)],
        };
}
