using ModelBuild.Compression.Caching;
using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Signatures;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Calibration;

/// <summary>Tests that synthetic inputs have the values that the description of the model gives.</summary>
public sealed class DescribedInputsTests : IDisposable
{
    private const string Normalized = "rgb scale(1/255) mean(0.485,0.456,0.406) std(0.229,0.224,0.225)";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(new long[] { 1, 3, 32, 48 })]
    [InlineData(new long[] { 2, 32, 48, 3 })]
    [InlineData(new long[] { 1, 3, 8, 8 })]
    public void Each_channel_of_an_image_lies_between_its_black_and_its_white(long[] shape)
    {
        (double Mean, double Std)[] channels = [(0.485, 0.229), (0.456, 0.224), (0.406, 0.225)];
        foreach (var sample in Make(Relu(shape), (ItemMetadata.Image, Normalized)))
        {
            var values = sample.Inputs["x"].Floats.ToArray();
            for (var channel = 0; channel < channels.Length; channel++)
            {
                var own = values
                    .Where((_, i) => (shape[1] == 3 ? i / (int)(shape[2] * shape[3]) % 3 : i % 3) == channel)
                    .Select(value => (value * channels[channel].Std) + channels[channel].Mean)
                    .ToArray();
                Assert.All(own, value => Assert.InRange(value, -1e-6, 1 + 1e-6));
                Assert.True(own.Max() - own.Min() > 0.4);
            }
        }
    }

    [Theory]
    [InlineData("gray", 0, 255)]
    [InlineData("gray scale(1/255)", 0, 1)]
    [InlineData("gray mean(127.5) std(127.5)", -1, 1)]
    [InlineData("gray mean(255) std(-255)", 0, 1)]
    public void The_description_wins_over_what_the_graph_seems_to_take(string image, double least, double largest)
    {
        // The model divides its input by 255, as models do that expect bytes.
        var model = new Net().Input("x", 1, 1, 28, 28).Constant("bytes", [], 255f).Node("Div", "x bytes", "y").Output("y").Build();
        foreach (var sample in Make(model, (ItemMetadata.Image, image)))
        {
            var values = sample.Inputs["x"].Floats.ToArray();
            Assert.All(values, value => Assert.InRange(value, least, largest));
            Assert.True(values.Max() - values.Min() > 0.4 * (largest - least));
        }
    }

    [Fact]
    public void Bytes_of_a_described_image_are_bytes()
    {
        var model = new Net().Input("x", DataType.Uint8, 1, 64, 64, 3).Node("Cast", "x", "y", ("to", (long)DataType.Float)).Output("y").Build();
        var values = Make(model, (ItemMetadata.Image, "bgr"))[0].Inputs["x"].Data;
        Assert.True(values.Max() - values.Min() > 128);
    }

    [Theory]
    [InlineData("rgb resise(4)")]
    [InlineData("gray")]
    public void A_description_that_is_wrong_or_has_other_channels_changes_nothing(string image)
    {
        var model = Relu(1, 3, 32, 32);
        Assert.Equal(Make(model)[0].Inputs["x"].Data, Make(model, (ItemMetadata.Image, image))[0].Inputs["x"].Data);
    }

    [Theory]
    [InlineData("rate(16000)", 1)]
    [InlineData("rate(8000) scale(32768)", 32768)]
    [InlineData("rate(44100) chunk(4000)", 1)]
    public void Sound_lies_within_its_scale_and_is_smooth(string audio, double scale)
    {
        var model = Relu(2, 1, 4000);
        var samples = Make(model, (ItemMetadata.Audio, audio));
        foreach (var sample in samples)
        foreach (var row in sample.Inputs["x"].Floats.ToArray().Chunk(4000))
        {
            Assert.All(row, value => Assert.InRange(value, -scale, scale));
            Assert.True(row.Max(Math.Abs) >= 0.199 * scale);
            Assert.InRange(row.Average() / scale, -0.1, 0.1);
            // Neighbouring values of the signal are correlated. Neighbouring values of white noise are not.
            Assert.True(row.Zip(row.Skip(1)).Sum(pair => pair.First * pair.Second) > 0.7 * row.Sum(value => value * value));
        }

        Assert.Equal(SyntheticInputs.Count, samples.Select(sample => sample.Inputs["x"].Floats.ToArray()[100]).Distinct().Count());
        Assert.Equal(samples[0].Inputs["x"].Data, Make(model, (ItemMetadata.Audio, audio))[0].Inputs["x"].Data);
    }

    [Fact]
    public void Sound_is_normalized_as_the_description_says()
    {
        var values = Make(Relu(1, 8000), (ItemMetadata.Audio, "rate(16000) mean-variance"))[0].Inputs["x"].Floats.ToArray();
        Assert.Equal(0, values.Average(), 1e-4f);
        Assert.Equal(1, values.Average(value => value * value), 1e-3f);
    }

    [Fact]
    public void Sound_is_the_only_input_of_floats_beside_states()
    {
        var voice = new Net()
            .Input("input", 1, 576)
            .Input("state", 2, 1, 128)
            .Input("sr", DataType.Int64)
            .Node("Relu", "input", "y")
            .Node("Relu", "state", "stateN")
            .Node("Identity", "sr", "rate")
            .Output("y")
            .Output("stateN", DataType.Float, 2, 1, 128)
            .Output("rate", DataType.Int64)
            .Build();
        Assert.Equal("input", SoundInput(voice, "rate(16000) chunk(512) context(64)"));
        Assert.Null(SoundInput(voice, "rate(16000) mel(80, 400, 160) log"));
        var two = new Net().Input("a", 1, 576).Input("b", 1, 576).Node("Add", "a b", "y").Output("y").Build();
        Assert.Null(SoundInput(two, "rate(16000)"));

        static string? SoundInput(OnnxModel model, string audio) =>
            DescribedInputs.Of([new ValueDescription(ItemMetadata.Audio.Name, audio, null)]).SoundInput(SignatureReader.Read(model));
    }

    [Fact]
    public void The_cache_distinguishes_descriptions_if_there_is_no_data()
    {
        Relu(1, 3, 32, 32).Save(_folder.File("model.onnx"));
        var data = Numpy.Npz(_folder.File("data.npz"), ("x", Numpy.Array([1, 3, 32, 32], new float[3 * 32 * 32])));
        Assert.NotEqual(Key("rgb"), Key("rgb scale(1/255)"));
        Assert.Equal(Key("rgb"), Key("rgb"));
        Assert.Equal(Key("rgb", data), Key("rgb scale(1/255)", data));

        string Key(string image, params string[] files) =>
            CacheKey.Of(
                new CompressionRequest(_folder.File("model.onnx"), _folder.File("out.onnx"))
                {
                    CalibrationData = files,
                    Descriptions = [new ValueDescription(ItemMetadata.Image.Name, image, null)],
                },
                []
            );
    }

    private static OnnxModel Relu(params long[] shape) => new Net().Input("x", shape).Node("Relu", "x", "y").Output("y").Build();

    private static Sample[] Make(OnnxModel model, params (ItemField Field, string Text)[] descriptions) =>
        [
            .. new SyntheticInputs(
                model,
                SignatureReader.Read(model),
                DynamicDimensions.Guesses[0],
                described: DescribedInputs.Of([.. descriptions.Select(description => new ValueDescription(description.Field.Name, description.Text, null))])
            ).Read(CancellationToken.None),
        ];
}
