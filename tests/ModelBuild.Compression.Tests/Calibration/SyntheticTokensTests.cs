using System.Runtime.InteropServices;
using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Signatures;
using ModelBuild.Onnx;
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

    [Fact]
    public void Rows_of_ids_are_texts_between_the_special_tokens_of_the_tokenizer()
    {
        foreach (var sample in Make(DataType.Int64, "attention_mask", "batch", new DescribedTokens(50, [7], [8, 9], 5)))
        {
            var (mask, ids) = (Numbers(sample.Inputs["attention_mask"]), Numbers(sample.Inputs["input_ids"]));
            for (var row = 0; row < ids.Length / Positions; row++)
            {
                var length = (int)mask[(row * Positions)..((row + 1) * Positions)].Sum();
                var text = ids[(row * Positions)..((row + 1) * Positions)];
                Assert.All(text[length..], id => Assert.Equal(5, id));
                Assert.All(text, id => Assert.InRange(id, 0, 49));
                if (length > 0)
                    Assert.Equal([7, 8, 9], [text[0], text[length - 2], text[length - 1]]);
            }
        }
    }

    [Fact]
    public void A_model_without_a_mask_has_the_special_tokens_at_both_ends()
    {
        var net = new Net().OpenInput("input_ids", "batch", "32").Input("w", 1).Node("Cast", "input_ids", "y", ("to", (long)DataType.Float)).Output("y");
        var model = net.Build();
        model.Proto.Graph.Input[0].Type.TensorType.ElemType = (int)DataType.Int64;

        // The embedding of the model is not found, so that only the tokenizer gives the size of the vocabulary.
        var ids = Numbers(Make(model, new DescribedTokens(1000, [900], [901], 0))[0].Inputs["input_ids"]);

        Assert.Equal((900, 901), (ids[0], ids[^1]));
        Assert.InRange(ids[1..^1].Max(), 500, 999);
    }

    [Fact]
    public void The_tokenizer_of_another_model_is_ignored()
    {
        var ids = Numbers(Make(DataType.Int64, "attention_mask", "1", new DescribedTokens(null, [101], [102], 0))[0].Inputs["input_ids"]);

        Assert.InRange(ids.Max(), 1, 99);
    }

    private static Sample[] Make(DataType type, string mask, string batch, DescribedTokens? tokens = null)
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
        return Make(model, tokens);
    }

    private static Sample[] Make(OnnxModel model, DescribedTokens? tokens) =>
        [
            .. new SyntheticInputs(
                model,
                SignatureReader.Read(model),
                DynamicDimensions.Guesses[0],
                described: DescribedInputs.None with
                {
                    Tokens = tokens,
                }
            ).Read(CancellationToken.None),
        ];

    private static double[] Numbers(SampleArray array) =>
        array.Type switch
        {
            DataType.Int64 => [.. MemoryMarshal.Cast<byte, long>(array.Data).ToArray().Select(value => (double)value)],
            DataType.Int32 => [.. MemoryMarshal.Cast<byte, int>(array.Data).ToArray().Select(value => (double)value)],
            DataType.Float => [.. array.Floats.ToArray().Select(value => (double)value)],
            _ => [.. array.Data.Select(value => (double)value)],
        };
}
