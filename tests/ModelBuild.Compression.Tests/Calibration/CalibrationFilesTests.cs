using System.IO.Compression;
using System.Runtime.InteropServices;
using Google.Protobuf;
using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Signatures;
using ModelBuild.Onnx;
using ModelBuild.Testing;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Calibration;

public sealed class CalibrationFilesTests
{
    [Theory]
    [InlineData(CompressionLevel.NoCompression)]
    [InlineData(CompressionLevel.Optimal)]
    public void Rows_are_handed_out_in_even_calls_with_their_labels(CompressionLevel level)
    {
        using var folder = new TemporaryFolder();
        var (a, b) = (Noise.Floats(40 * 6, seed: 1), Noise.Floats(40 * 2, seed: 2));
        var labels = Enumerable.Range(0, 40).Select(i => (long)i).ToArray();
        var path = Numpy.Npz(
            folder.File("data.npz"),
            level,
            ("b", Numpy.Array([40, 2], b)),
            ("other", Numpy.Array([1], 7)),
            ("label", Numpy.Array([40], labels)),
            ("a", Numpy.Array([40, 2, 3], a))
        );

        var samples = Read(new Net().Input("a", -1, 2, 3).Input("b", -1, 2), path);

        Assert.Equal([10L, 10, 10, 10], samples.Select(sample => sample.Inputs["a"].Shape[0]));
        Assert.All(samples, sample => Assert.Equal(["a", "b"], sample.Inputs.Keys));
        Assert.Equal(a, samples.SelectMany(sample => Floats(sample.Inputs["a"])));
        Assert.Equal(b, samples.SelectMany(sample => Floats(sample.Inputs["b"])));
        Assert.Equal(labels, samples.SelectMany(sample => sample.Labels!));
        Assert.Equal([10L, 2, 3], samples[0].Inputs["a"].Shape);
    }

    [Theory]
    [InlineData(16_384, 4)]
    [InlineData(25_000, 2)]
    [InlineData(300_000, 1)]
    public void Large_rows_come_in_smaller_calls(int columns, int rows)
    {
        using var folder = new TemporaryFolder();
        var path = Numpy.Npz(folder.File("data.npz"), ("x", Numpy.Array([16, columns], new float[16 * columns])));

        Assert.All(Read(new Net().Input("x", -1, columns), path), sample => Assert.Equal(rows, sample.Inputs["x"].Shape[0]));
    }

    [Fact]
    public void A_fixed_batch_gets_as_many_rows_and_leaves_out_the_rest()
    {
        using var folder = new TemporaryFolder();
        var path = Numpy.Npz(folder.File("data.npz"), ("x", Numpy.Array([10, 2], Noise.Floats(20))), ("label", Numpy.Array([10], new byte[10])));

        var samples = Read(new Net().Input("x", 4, 2), path);

        Assert.Equal(2, samples.Count);
        Assert.All(samples, sample => Assert.Equal([4L, 2], sample.Inputs["x"].Shape));
        Assert.All(samples, sample => Assert.Equal(4, sample.Labels!.Length));
    }

    [Fact]
    public void An_array_with_an_axis_more_holds_whole_inputs_and_a_scalar_serves_them_all()
    {
        using var folder = new TemporaryFolder();
        var path = Numpy.Npz(
            folder.File("data.npz"),
            ("state", Numpy.Array([3, 2, 1, 4], Noise.Floats(24))),
            ("rate", Numpy.Array([], 16000L)),
            ("x", Numpy.Array([3, 5], Noise.Floats(15)))
        );

        var samples = Read(new Net().Input("x", -1, -1).Input("state", 2, -1, 4).Input("rate", DataType.Int64), path);

        Assert.Equal(3, samples.Count);
        Assert.All(samples, sample => Assert.Equal([2L, 1, 4], sample.Inputs["state"].Shape));
        Assert.All(samples, sample => Assert.Equal([1L, 5], sample.Inputs["x"].Shape));
        Assert.All(samples, sample => Assert.Equal([16000L], MemoryMarshal.Cast<byte, long>(sample.Inputs["rate"].Data).ToArray()));
    }

    [Fact]
    public void NumPys_default_types_become_the_models()
    {
        using var folder = new TemporaryFolder();
        var path = Numpy.Npz(
            folder.File("data.npz"),
            ("f", Numpy.Array([1, 2], 1.5, -2.0)),
            ("h", Numpy.Array([1, 2], 0.5, 2.0)),
            ("d", Numpy.Array([1, 2], 1f, 2f)),
            ("i", Numpy.Array([1, 2], 7L, -8L)),
            ("l", Numpy.Array([1, 2], 9, 10)),
            ("u", Numpy.Array<byte>([1, 2], 1, 255)),
            ("t", Numpy.Array([1, 2], true, false)),
            ("s", Numpy.Texts([1, 2], "ä€𝄞", "b"))
        );

        var inputs = Assert
            .Single(
                Read(
                    new Net()
                        .Input("f", 1, 2)
                        .Input("h", DataType.Float16, 1, 2)
                        .Input("d", DataType.Double, 1, 2)
                        .Input("i", DataType.Int32, 1, 2)
                        .Input("l", DataType.Int64, 1, 2)
                        .Input("u", DataType.Uint8, 1, 2)
                        .Input("t", DataType.Bool, 1, 2)
                        .Input("s", DataType.String, 1, 2),
                    path
                )
            )
            .Inputs;

        Assert.Equal([1.5f, -2f], Floats(inputs["f"]));
        Assert.Equal([(Half)0.5f, (Half)2], MemoryMarshal.Cast<byte, Half>(inputs["h"].Data).ToArray());
        Assert.Equal([1.0, 2.0], MemoryMarshal.Cast<byte, double>(inputs["d"].Data).ToArray());
        Assert.Equal([7, -8], MemoryMarshal.Cast<byte, int>(inputs["i"].Data).ToArray());
        Assert.Equal([9L, 10], MemoryMarshal.Cast<byte, long>(inputs["l"].Data).ToArray());
        Assert.Equal([1, 255], inputs["u"].Data);
        Assert.Equal([1, 0], inputs["t"].Data);
        Assert.Equal(["ä€𝄞", "b"], inputs["s"].Texts!);
        Assert.Equal(DataType.Float, inputs["f"].Type);
        Assert.Equal(DataType.Int32, inputs["i"].Type);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_lone_array_of_any_version_serves_a_model_with_one_input(int version)
    {
        using var folder = new TemporaryFolder();
        var values = Noise.Floats(6);
        var path = folder.Write("data.npy", Numpy.Array("<f4", [3, 2], MemoryMarshal.AsBytes<float>(values).ToArray(), version));

        var sample = Assert.Single(Read(new Net().Input("x", -1, 2), path));

        Assert.Equal(values, Floats(sample.Inputs["x"]));
        Assert.Null(sample.Labels);
    }

    [Fact]
    public void Each_folder_of_test_data_is_one_call()
    {
        using var folder = new TemporaryFolder();
        var files = new List<string>();
        for (var set = 0; set < 2; set++)
        {
            files.Add(folder.Write($"test_data_set_{set}/input_0.pb", Tensors.Create("", [1, 2], [set + 0.5f, 1f]).ToByteArray()));
            files.Add(
                folder.Write(
                    $"test_data_set_{set}/input_1.pb",
                    new TensorProto
                    {
                        Name = "n",
                        DataType = (int)DataType.Int64,
                        Dims = { 1 },
                        Int64Data = { set },
                    }.ToByteArray()
                )
            );
            files.Add(folder.Write($"test_data_set_{set}/output_0.pb", new byte[] { 255 }));
        }

        var samples = Read(new Net().Input("x", 1, 2).Input("n", DataType.Int64, 1), [.. files]);

        Assert.Equal([0.5f, 1.5f], samples.Select(sample => Floats(sample.Inputs["x"])[0]));
        Assert.Equal([0, 1], samples.Select(sample => (int)MemoryMarshal.Cast<byte, long>(sample.Inputs["n"].Data)[0]));
    }

    [Fact]
    public void Files_are_read_one_after_the_other()
    {
        using var folder = new TemporaryFolder();
        string[] files = [.. Enumerable.Range(0, 3).Select(i => folder.Write($"{i}.npy", Numpy.Array([1, 1], (float)i)))];

        Assert.Equal([0f, 1, 2], Read(new Net().Input("x", -1, 1), files).Select(sample => Floats(sample.Inputs["x"])[0]));
    }

    [Fact]
    public void An_optional_input_and_one_of_unknown_rank_may_be_given()
    {
        using var folder = new TemporaryFolder();
        var graph = new Net().Input("x", -1, 2).Build();
        graph.Proto.Graph.Input.Add(
            new ValueInfoProto
            {
                Name = "any",
                Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)DataType.Float } },
            }
        );
        graph.Proto.Graph.Input.Add(
            new ValueInfoProto
            {
                Name = "opt",
                Type = new TypeProto { OptionalType = new TypeProto.Types.Optional { ElemType = graph.Proto.Graph.Input[0].Type } },
            }
        );
        var path = Numpy.Npz(folder.File("data.npz"), ("x", Numpy.Array([4, 2], Noise.Floats(8))), ("any", Numpy.Array([4, 7], Noise.Floats(28))));

        var sample = Assert.Single(Read(graph, path));

        Assert.Equal(["x", "any"], sample.Inputs.Keys);
        Assert.Equal([4L, 7], sample.Inputs["any"].Shape);
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public void Real_digits_are_read()
    {
        var path = Corpus.Path("litenet/mnist-test.npz");
        var model = OnnxModel.Load(Corpus.Path("litenet/litenet-conv.onnx"));

        var samples = Read(model, path);

        Assert.Equal(2000, samples.Sum(sample => sample.Labels!.Length));
        Assert.All(samples.SelectMany(sample => sample.Labels!), label => Assert.InRange(label, 0, 9));
        Assert.All(samples, sample => Assert.Equal(sample.Rows * 784, Floats(sample.Inputs["image"]).Length));
    }

    private static List<Sample> Read(Net net, params string[] files) => Read(net.Build(), files);

    private static List<Sample> Read(OnnxModel model, params string[] files) => [.. Source(model, files).Read(CancellationToken.None)];

    private static CalibrationFiles Source(OnnxModel model, params string[] files) => new(files, SignatureReader.Read(model));

    private static float[] Floats(SampleArray array) => MemoryMarshal.Cast<byte, float>(array.Data).ToArray();
}
