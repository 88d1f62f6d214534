using Google.Protobuf;

namespace ModelBuild.Onnx.Tests;

public sealed class SaveTests
{
    [Fact]
    public void Over_the_threshold_large_initializers_go_beside_the_model()
    {
        using var folder = new TemporaryFolder();
        var model = Sample();
        var path = folder.File("model.onnx");

        model.Save(path, new OnnxSaveOptions { ExternalDataThreshold = 0 });

        Assert.Equal(["model.onnx", "model.onnx.data"], folder.Names());
        var written = ModelProto.Parser.ParseFrom(File.ReadAllBytes(path));
        var large = written.Graph.Initializer[0];
        Assert.Equal(TensorProto.Types.DataLocation.External, large.DataLocation);
        Assert.False(large.HasRawData);
        Assert.Equal(["location=model.onnx.data", "offset=0", "length=4000"], large.ExternalData.Select(static entry => $"{entry.Key}={entry.Value}"));
        Assert.Equal("offset=4096", written.Graph.Initializer[2].ExternalData.Select(static entry => $"{entry.Key}={entry.Value}").ElementAt(1));
        Assert.False(written.Graph.Initializer[1].HasDataLocation);
        var inner = written.Graph.Node[0].Attribute[0].G;
        Assert.Equal(TensorProto.Types.DataLocation.External, inner.Initializer[0].DataLocation);
        Assert.Equal(Sample().Proto, model.Proto);
    }

    [Fact]
    public void External_data_comes_back_as_raw_data()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("model.onnx");
        Sample().Save(path, new OnnxSaveOptions { ExternalDataThreshold = 0 });

        var loaded = OnnxModel.Load(path);

        Assert.Equal(Sample().Proto, loaded.Proto);
        Assert.Equal([folder.File("model.onnx.data")], loaded.ExternalFiles);
        Assert.Equal(path, loaded.Path);
    }

    [Fact]
    public void The_same_model_gives_the_same_bytes()
    {
        using var folder = new TemporaryFolder();
        foreach (var threshold in new long[] { 0, long.MaxValue })
        {
            var options = new OnnxSaveOptions { ExternalDataThreshold = threshold };
            var first = folder.File("first/model.onnx");
            var second = folder.File("second/model.onnx");
            Directory.CreateDirectory(Path.GetDirectoryName(first)!);
            Directory.CreateDirectory(Path.GetDirectoryName(second)!);

            Sample().Save(first, options);
            OnnxModel.Load(first).Save(second, options);

            Assert.Equal(File.ReadAllBytes(first), File.ReadAllBytes(second));
            Assert.Equal(threshold == 0, File.Exists(first + ".data"));
            if (threshold == 0)
                Assert.Equal(File.ReadAllBytes(first + ".data"), File.ReadAllBytes(second + ".data"));
        }
    }

    [Fact]
    public void A_model_may_be_saved_over_itself_in_either_form()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("model.onnx");
        Sample().Save(path);
        if (OperatingSystem.IsWindows())
            Assert.Skip("Windows does not replace a file while it is mapped.");

        OnnxModel.Load(path).Save(path, new OnnxSaveOptions { ExternalDataThreshold = 0 });
        Assert.Equal(["model.onnx", "model.onnx.data"], folder.Names());
        var external = OnnxModel.Load(path);
        external.Save(path, new OnnxSaveOptions { ExternalDataThreshold = 0 });
        Assert.Equal(Sample().Proto, OnnxModel.Load(path).Proto);
        external.Save(path);

        Assert.Equal(["model.onnx"], folder.Names());
        Assert.Equal(Sample().Proto, external.Proto);
        Assert.Equal(Sample().Proto, OnnxModel.Load(path).Proto);
    }

    [Fact]
    public void A_data_file_that_the_replaced_model_did_not_use_stays()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("model.onnx");
        folder.Write("model.onnx.data", [1, 2, 3]);

        Sample().Save(path);
        Sample().Save(path);

        Assert.Equal(["model.onnx", "model.onnx.data"], folder.Names());
    }

    [Fact]
    public void Cancelling_leaves_what_was_there()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("model.onnx", [1, 2, 3]);
        using var source = new CancellationTokenSource();
        source.Cancel();

        Assert.ThrowsAny<OperationCanceledException>(() => Sample().Save(path, null, source.Token));
        Assert.ThrowsAny<OperationCanceledException>(() => Sample().Save(path, new OnnxSaveOptions { ExternalDataThreshold = 0 }, source.Token));

        Assert.Equal(["model.onnx"], folder.Names());
        Assert.Equal([1, 2, 3], File.ReadAllBytes(path));
    }

    [Fact]
    public void A_place_that_cannot_be_written_is_one_error_and_leaves_nothing()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("model.onnx"));

        Assert.Equal(OnnxFault.NotAFile, Assert.Throws<OnnxException>(() => Sample().Save(folder.File("model.onnx"))).Fault);
        Assert.Equal(OnnxFault.Inaccessible, Assert.Throws<OnnxException>(() => Sample().Save(Path.Combine(folder.Path, "missing", "model.onnx"))).Fault);
        Directory.CreateDirectory(folder.File("other.onnx.data"));
        Assert.Equal(
            OnnxFault.Inaccessible,
            Assert.Throws<OnnxException>(() => Sample().Save(folder.File("other.onnx"), new OnnxSaveOptions { ExternalDataThreshold = 0 })).Fault
        );

        Assert.Equal(["model.onnx", "other.onnx.data"], folder.Names());
    }

    [Fact]
    public void More_than_protobuf_can_hold_is_saved_with_external_data_and_not_as_bytes()
    {
        // Three tensors share one gigabyte, which is never read, because the size is computed without writing the model.
        var shared = UnsafeByteOperations.UnsafeWrap(new byte[1 << 30]);
        var model = new ModelProto { Graph = new GraphProto() };
        for (var i = 0; i < 3; i++)
            model.Graph.Initializer.Add(
                new TensorProto
                {
                    Name = $"w{i}",
                    DataType = (int)TensorProto.Types.DataType.Int8,
                    Dims = { 1 << 30 },
                    RawData = shared,
                }
            );

        Assert.InRange(ModelSaver.Size(model), 3L << 30, (3L << 30) + 1000);
        Assert.Equal(OnnxFault.TooLarge, Assert.Throws<OnnxException>(() => new OnnxModel(model).ToBytes()).Fault);
        var (stripped, data) = ExternalDataPlan.Split(model, "model.onnx.data");
        Assert.Equal(3, data.Count);
        Assert.InRange(ModelSaver.Size(stripped), 1, 1000);
        Assert.Equal((2L << 30).ToString(System.Globalization.CultureInfo.InvariantCulture), stripped.Graph.Initializer[2].ExternalData[1].Value);

        // Tensors in attributes cannot be stored as external data.
        var constants = new ModelProto { Graph = new GraphProto() };
        foreach (var tensor in model.Graph.Initializer)
            constants.Graph.Node.Add(Nodes.Create("Constant", [], [tensor.Name], attributes: ("value", tensor)));
        using var folder = new TemporaryFolder();
        Assert.Equal(OnnxFault.TooLarge, Assert.Throws<OnnxException>(() => new OnnxModel(constants).Save(folder.File("model.onnx"))).Fault);
        Assert.Empty(folder.Names());
    }

    private static OnnxModel Sample()
    {
        var inner = Build.Branch("then", Nodes.Create("Add", ["x", "inner"], ["t"]));
        inner.Initializer.Add(Build.Floats("inner", 500));
        var graph = new GraphProto
        {
            Name = "g",
            Initializer = { Build.Floats("large", 1000), Build.Floats("small", 3), Build.Floats("middle", 256) },
            Node =
            {
                Build.If("c", "y", inner, Build.Branch("else", Nodes.Create("Relu", ["x"], ["e"]))),
                Nodes.Create("Constant", [], ["k"], attributes: ("value", Build.Floats("", 400))),
            },
            Input = { Build.Infos("x", "c") },
            Output = { Build.Infos("y") },
        };
        return new OnnxModel(Build.Model(graph));
    }
}
