using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using ModelBuild.Cli.Tests.Support;
using ModelBuild.Runtime;
using ModelBuild.Testing;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Cli.Tests;

/// <summary>Data may be recordings, which the program prepares as the class of the model does.</summary>
public sealed class SoundDataTests : IDisposable
{
    private const string Chunks = "rate(8000) chunk(4) context(2)";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("rate(8000) mean-variance length(0.1)", AudioLayout.Samples, 800)]
    [InlineData("rate(16000) length(0.1) mel(8, 64, 32, drop-last=true) log", AudioLayout.BandsFrames, 8, 50)]
    [InlineData("rate(8000) fbank(8, 200, 80) log frames(5)", AudioLayout.FramesBands, 5, 8)]
    public void Whole_recordings_are_prepared_as_the_class_prepares_them(string description, AudioLayout layout, params int[] shape)
    {
        new Net().Input("x", [-1, .. shape]).Node("Relu", "x", "y").Output("y").Save(_folder.File("model.onnx"));
        var (first, second) = (Tone(900, 0.01f), Tone(700, 0.02f));
        Wave("sounds/a.wav", first, 8000);
        Wave("sounds/b.wav", second, 8000);

        Data("sounds", "--audio", description);

        var preparation = new AudioPreparation(description, layout);
        Assert.Equal($"(2, {string.Join(", ", shape)},)", Archive.Shape("x"));
        Assert.Equal(Prepared(first).Concat(Prepared(second)), Archive.Floats("x"));

        float[] Prepared(float[] samples)
        {
            var values = new float[preparation.Size(samples.Length, 8000).Elements];
            preparation.Write(samples, 8000, 1, values);
            return values;
        }
    }

    [Fact]
    public void Names_of_folders_or_a_table_give_recordings_their_labels()
    {
        new Net().Input("x", -1, 8).Node("Relu", "x", "y").Output("y").Save(_folder.File("model.onnx"));
        File.WriteAllText(_folder.File("model.task.json"), """{ "audio": "rate(8000) length(0.001)", "labels": ["no", "yes"] }""");
        Wave("sounds/yes/a.wav", [0.5f], 8000);
        Wave("sounds/no/b.wav", [0.25f], 8000);

        Data("sounds/**/*.wav");
        Assert.Equal([0, 1], Archive.Longs("label"));
        Assert.Equal([0.25f, 0, 0, 0, 0, 0, 0, 0, 0.5f, 0, 0, 0, 0, 0, 0, 0], Archive.Floats("x"));

        _folder.Write("table.csv", "label,file\nyes,sounds/no/b.wav\n");
        Data("table.csv");
        Assert.Equal([1], Archive.Longs("label"));
    }

    [Fact]
    public void Recordings_of_each_length_have_an_archive_of_their_own()
    {
        new Net().Input("x", -1, -1).Input("sr", DataType.Int64).Node("Relu", "x", "y").Output("y").Save(_folder.File("model.onnx"));
        Wave("a.wav", [0.5f, 0.25f], 8000);
        Wave("b.wav", [0.5f], 8000);
        Wave("c.wav", [0.25f, -0.5f], 8000);

        Assert.Contains("3 rows", Data("*.wav", "--audio", "rate(8000)").Output, StringComparison.Ordinal);

        Assert.Equal([0.5f, 0.25f, 0.25f, -0.5f], Archive.Floats("x"));
        Assert.Equal(("()", "8000"), (Archive.Shape("sr"), Archive.Longs("sr")[0].ToString(CultureInfo.InvariantCulture)));
        Assert.Equal([0.5f], new NpzFile(_folder.File("data.2.npz")).Floats("x"));
    }

    [Fact]
    public void A_stream_has_the_context_and_the_states_of_each_chunk()
    {
        Stream().Save(_folder.File("model.onnx"));
        Wave("a.wav", [0.5f, 0.25f, 0.5f, 0.25f, 0.125f], 8000);
        Wave("b.wav", [0.0625f], 8000);

        Data("*.wav", "--audio", Chunks);

        Assert.Equal(["x", "state"], Archive.Names);
        Assert.Equal("(3, 6,)", Archive.Shape("x"));
        Assert.Equal([0, 0, 0.5f, 0.25f, 0.5f, 0.25f, 0.5f, 0.25f, 0.125f, 0, 0, 0, 0, 0, 0.0625f, 0, 0, 0], Archive.Floats("x"));
        // The state is the sum of all values before the chunk. It is zero at the start of each recording.
        Assert.Equal("(3, 1, 1,)", Archive.Shape("state"));
        Assert.Equal([0, 1.5f, 0], Archive.Floats("state"));
    }

    [Fact]
    public void Every_command_that_takes_data_takes_recordings_of_a_stream()
    {
        Stream().Save(_folder.File("model.onnx"));
        File.WriteAllText(_folder.File("model.task.json"), $$"""{ "audio": "{{Chunks}}" }""");
        Wave("a.wav", Tone(100, 0.1f), 8000);

        Assert.Equal(0, Program().Run("calibrate", "model.onnx", "--calibration-data", "a.wav").ExitCode);
        Assert.Equal(0, Program().Run("compress", "model.onnx", "--calibration-data", "a.wav", "--json").ExitCode);
        var verified = Program().Run("verify", "model.onnx", "model.compressed.onnx", "--data", "a.wav", "--json");

        Assert.Contains("\"samples\": 25", verified.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_recording_that_cannot_be_prepared_is_an_error_and_leaves_nothing()
    {
        new Net().Input("x", -1, 8).Node("Relu", "x", "y").Output("y").Save(_folder.File("model.onnx"));
        Wave("a.wav", [0.5f], 8000);
        _folder.Write("broken.wav", "RIFF");
        _folder.Write("empty.wav", "");
        _folder.Write("table.csv", "file\na.wav\nb.wav\n");
        const string Description = "rate(8000) length(0.001)";

        Run("a.wav").Fails(1, "MB1019", _folder.File("a.wav"), "the model has no description of its input: set Audio, such as");
        Run("broken.wav", "--audio", Description).Fails(1, "MB1019", _folder.File("broken.wav"), "The sound cannot be used as data");
        Run("empty.wav", "--audio", Description).Fails(1, "MB1019", _folder.File("empty.wav"), "The sound cannot be used as data");
        Run("a.wav", "--audio", "rate(8000) length(0.002)").Fails(1, "MB1019", _folder.File("a.wav"), "The description gives 16 samples");
        Run("a.wav", "--audio", "rate(8000) lenght(0.001)").Fails(2, "MB1005", "model.onnx", "Did you mean 'length'?");
        Run("table.csv", "--audio", Description).Fails(1, "MB1019", _folder.File("table.csv"), "Line 3 names the file 'b.wav', which does not exist");
        Stream().Save(_folder.File("model.onnx"));
        Run("a.wav", "--audio", "rate(8000) length(0.00075)").Fails(1, "MB1019", _folder.File("a.wav"), "The model has states, so that it takes a stream.");
        _folder.Write("table.csv", "file,label\na.wav,1\n");
        Run("table.csv", "--audio", Chunks).Fails(1, "MB1019", _folder.File("a.wav"), "a label belongs to the whole recording");

        Assert.DoesNotContain("data.npz", string.Join(' ', _folder.Names()), StringComparison.Ordinal);
    }

    /// <summary>With the states of the archive, each chunk alone gives the probability that the whole recording gives.</summary>
    [Fact]
    public void The_chunks_of_real_speech_have_the_states_of_the_stream()
    {
        var model = Corpus.Path("models/silero_vad.onnx");
        var expected = File.ReadAllLines(Corpus.Path("data/speech/silero_vad.fp32_probs.txt"))
            .Select(line => float.Parse(line, CultureInfo.InvariantCulture))
            .ToArray();
        string[] command = ["data", Corpus.Path("data/speech/silero_test.wav"), "--model", model, "--output", "data.npz"];

        Assert.Equal(0, Program().Run([.. command, "--audio", "rate(16000) chunk(512) context(64)"]).ExitCode);

        var (chunks, states) = (Archive.Floats("input"), Archive.Floats("state"));
        Assert.Equal(expected.Length, states.Length / 256);
        using var session = new InferenceSession(model);
        using var options = new RunOptions();
        foreach (var i in Enumerable.Range(0, expected.Length).Where(i => i % 50 == 0))
        {
            using var input = OrtValue.CreateTensorValueFromMemory(chunks[(576 * i)..(576 * (i + 1))], [1, 576]);
            using var state = OrtValue.CreateTensorValueFromMemory(states[(256 * i)..(256 * (i + 1))], [2, 1, 128]);
            using var rate = OrtValue.CreateTensorValueFromMemory(new[] { 16000L }, []);
            using var results = session.Run(options, ["input", "state", "sr"], [input, state, rate], ["output"]);
            Assert.Equal(expected[i], results[0].GetTensorDataAsSpan<float>()[0], 3e-4f);
        }
    }

    private NpzFile Archive => new(_folder.File("data.npz"));

    private ModelBuildProgram Program() => new(_folder);

    private ModelBuildProgram.Result Data(params string[] arguments)
    {
        var result = Run(arguments);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        return result;
    }

    private ModelBuildProgram.Result Run(params string[] arguments) => Program().Run(["data", .. arguments, "--model", "model.onnx", "--output", "data.npz"]);

    private static Net Stream() =>
        new Net()
            .Input("x", 1, 6)
            .Input("state", 1, 1)
            .Constant("one", [6, 1], 1f, 1f, 1f, 1f, 1f, 1f)
            .Node("MatMul", "x one", "sum")
            .Node("Add", "sum state", "stateN")
            .Node("Relu", "sum", "y")
            .Output("y", DataType.Float, 1, 1)
            .Output("stateN", DataType.Float, 1, 1);

    private static float[] Tone(int count, float step) => [.. Enumerable.Range(0, count).Select(i => MathF.Round(MathF.Sin(i * step) * 16384) / 32768)];

    private void Wave(string name, float[] samples, int rate) => Sounds.Write(_folder, name, samples, rate);
}
