using System.Runtime.CompilerServices;
using Google.Protobuf;
using ModelBuild.Testing;

namespace ModelBuild.Onnx.Tests;

public sealed class ExternalDataTests
{
    [Fact]
    [Trait("Speed", "Slow")]
    public void A_published_model_with_external_data_has_the_weights_of_its_twin()
    {
        var path = Corpus.Path("models/superres_extdata/super_resolution_extdata.onnx");
        var twin = OnnxModel.Load(Corpus.Path("models/super_resolution.onnx"));

        var model = OnnxModel.Load(path);

        Assert.Equal([path + ".data"], model.ExternalFiles);
        Assert.Equal(
            twin.Tensors().Where(static tensor => tensor.RawData.Length > 1000).Select(static tensor => tensor.RawData),
            model.Tensors().Where(static tensor => tensor.RawData.Length > 1000).Select(static tensor => tensor.RawData)
        );
        var inspected = OnnxModel.Load(path, new OnnxLoadOptions { SkipWeights = true });
        Assert.Equal(model.ExternalFiles, inspected.ExternalFiles);
        Assert.Equal(
            model.Proto.Graph.Initializer.Select(static tensor => tensor.Dims),
            inspected.Proto.Graph.Initializer.Select(static tensor => tensor.Dims)
        );
    }

    [Fact]
    public void Offset_and_length_may_be_left_out()
    {
        using var folder = new TemporaryFolder();
        folder.Write("sub/w.bin", Numbers(1, 2, 3));
        var path = Model(folder, Build.External("w", 2, ("location", "sub/w.bin"), ("offset", "4")), Build.External("v", 3, ("location", "./sub/w.bin")));

        var tensors = OnnxModel.Load(path).Proto.Graph.Initializer;

        Assert.Equal([2f, 3f], tensors[0].ToFloats());
        Assert.Equal([1f, 2f, 3f], tensors[1].ToFloats());
        Assert.Empty(tensors[0].ExternalData);
        Assert.False(tensors[0].HasDataLocation);
    }

    [Fact]
    public void A_tensor_without_elements_has_no_bytes()
    {
        using var folder = new TemporaryFolder();
        folder.Write("w.bin", []);

        var tensor = OnnxModel.Load(Model(folder, Build.External("w", 0, ("location", "w.bin")))).Proto.Graph.Initializer[0];

        Assert.Empty(tensor.ToFloats());
        Assert.Empty(tensor.ExternalData);
    }

    [Fact]
    public void A_model_from_memory_needs_a_folder()
    {
        using var folder = new TemporaryFolder();
        folder.Write("w.bin", Numbers(1, 2));
        var bytes = Build.Model(Build.External("w", 2, ("location", "w.bin"))).ToByteArray();

        Assert.Equal(OnnxFault.ExternalDataMissing, Assert.Throws<OnnxException>(() => OnnxModel.Load(bytes)).Fault);
        Assert.Equal(OnnxFault.ExternalDataMissing, Assert.Throws<OnnxException>(() => new OnnxModel(ModelProto.Parser.ParseFrom(bytes))).Fault);
        var model = OnnxModel.Load(bytes, new OnnxLoadOptions { ExternalDataFolder = folder.Path });
        Assert.Equal([1f, 2f], model.Proto.Graph.Initializer[0].ToFloats());
    }

    public static TheoryData<string> OutsidePaths() =>
        [
            "../secret.bin",
            "sub/../../secret.bin",
            "sub/../w.bin",
            "..",
            "..\\secret.bin",
            "sub\\..\\..\\secret.bin",
            "/etc/passwd",
            "\\secret.bin",
            "\\\\server\\share\\w.bin",
            "//server/share/w.bin",
            "C:\\w.bin",
            "C:w.bin",
            "c:/w.bin",
            "",
            "w\0.bin",
        ];

    [Theory]
    [MemberData(nameof(OutsidePaths))]
    public void A_path_that_leaves_the_folder_is_refused(string location)
    {
        using var outer = new TemporaryFolder();
        outer.Write("secret.bin", Numbers(1, 2));
        outer.Write("inner/w.bin", Numbers(1, 2));
        var path = outer.Write("inner/model.onnx", Build.Model(Build.External("w", 2, ("location", location))).ToByteArray());

        foreach (var skip in new[] { false, true })
        {
            var fault = Assert.Throws<OnnxException>(() => OnnxModel.Load(path, new OnnxLoadOptions { SkipWeights = skip }));
            Assert.Equal(OnnxFault.ExternalDataOutside, fault.Fault);
            Assert.Equal(path, fault.File);
            Assert.Equal("graph.initializer[0] 'w'", fault.Where);
            Assert.DoesNotContain('\0', fault.Message);
        }
    }

    [Fact]
    public void A_link_that_leads_out_is_refused_and_one_that_stays_is_followed()
    {
        using var outer = new TemporaryFolder();
        outer.Write("secret.bin", Numbers(1, 2));
        outer.Write("real/data/w.bin", Numbers(3, 4));
        try
        {
            File.CreateSymbolicLink(outer.File("real/out.bin"), outer.File("secret.bin"));
            File.CreateSymbolicLink(outer.File("real/relative.bin"), "../secret.bin");
            File.CreateSymbolicLink(outer.File("real/in.bin"), "data/w.bin");
            File.CreateSymbolicLink(outer.File("real/circle.bin"), "circle.bin");
            Directory.CreateSymbolicLink(outer.File("real/up"), outer.Path);
            Directory.CreateSymbolicLink(outer.File("linked"), outer.File("real"));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            Assert.Skip("Links cannot be made here.");
        }

        foreach (var location in new[] { "out.bin", "relative.bin", "up/secret.bin" })
            Assert.Equal(OnnxFault.ExternalDataOutside, Fault(outer, "real", location));
        Assert.Equal(OnnxFault.ExternalDataMissing, Fault(outer, "real", "circle.bin"));
        // The folder of the model may be a link, and a link in it may lead to a file in the same folder.
        foreach (var (folder, location) in new[] { ("real", "in.bin"), ("linked", "in.bin"), ("linked", "data/w.bin"), ("real", "up/real/data/w.bin") })
            Assert.Null(Fault(outer, folder, location));
    }

    public static IEnumerable<ITheoryDataRow> Ranges() =>
        new TheoryData<string, string, OnnxFault>()
        {
            { "4", "8", OnnxFault.ExternalDataRange },
            { "8", "8", OnnxFault.ExternalDataRange },
            { "9223372036854775807", "8", OnnxFault.ExternalDataRange },
            { "-1", "8", OnnxFault.ExternalDataRange },
            { "0", "-8", OnnxFault.ExternalDataRange },
            { "one", "8", OnnxFault.ExternalDataRange },
            { " 0", "8", OnnxFault.ExternalDataRange },
            { "18446744073709551616", "8", OnnxFault.ExternalDataRange },
            { "0", "4", OnnxFault.SizeMismatch },
            { "0", "9223372036854775807", OnnxFault.SizeMismatch },
        };

    [Theory]
    [MemberData(nameof(Ranges))]
    internal void A_range_beyond_the_file_is_refused(string offset, string length, OnnxFault expected)
    {
        using var folder = new TemporaryFolder();
        folder.Write("w.bin", Numbers(1, 2));
        var path = Model(folder, Build.External("w", 2, ("location", "w.bin"), ("offset", offset), ("length", length)));

        foreach (var skip in new[] { false, true })
            Assert.Equal(expected, Assert.Throws<OnnxException>(() => OnnxModel.Load(path, new OnnxLoadOptions { SkipWeights = skip })).Fault);
    }

    [Fact]
    public void What_is_missing_is_said()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("sub"));

        var missing = Assert.Throws<OnnxException>(() => OnnxModel.Load(Model(folder, Build.External("w", 2, ("location", "none.bin")))));
        Assert.Equal(OnnxFault.ExternalDataMissing, missing.Fault);
        Assert.Contains("none.bin", missing.Message);
        Assert.Equal(
            OnnxFault.ExternalDataMissing,
            Assert.Throws<OnnxException>(() => OnnxModel.Load(Model(folder, Build.External("w", 2, ("location", "sub"))))).Fault
        );
        Assert.Equal(
            OnnxFault.ExternalDataMissing,
            Assert.Throws<OnnxException>(() => OnnxModel.Load(Model(folder, Build.External("w", 2, ("location", new string('x', 5000)))))).Fault
        );
        Assert.Equal(OnnxFault.Malformed, Assert.Throws<OnnxException>(() => OnnxModel.Load(Model(folder, Build.External("w", 2, ("offset", "0"))))).Fault);
    }

    [Fact]
    public void A_pipe_beside_the_model_does_not_stop_the_load()
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("There are no named pipes in Windows folders.");
        using var folder = new TemporaryFolder();
        System.Diagnostics.Process.Start("mkfifo", folder.File("w.bin"))!.WaitForExit();

        Assert.Equal(
            OnnxFault.ExternalDataRange,
            Assert.Throws<OnnxException>(() => OnnxModel.Load(Model(folder, Build.External("w", 2, ("location", "w.bin"))))).Fault
        );
        Assert.Equal(OnnxFault.Empty, Assert.Throws<OnnxException>(() => OnnxModel.Load(folder.File("w.bin"))).Fault);
    }

    [Fact]
    public void The_file_is_mapped_while_a_tensor_refers_to_it_and_no_longer()
    {
        if (!File.Exists("/proc/self/maps"))
            Assert.Skip("The process's mappings are only listed on Linux.");
        using var folder = new TemporaryFolder();
        folder.Write("w.bin", Numbers(1, 2));
        var path = Model(folder, Build.External("w", 2, ("location", "w.bin")));

        KeepOneTensor(path, folder.File("w.bin"));
        Collect();

        Assert.DoesNotContain(folder.File("w.bin"), File.ReadAllText("/proc/self/maps"));
    }

    // The method has a stack frame of its own, because unoptimized code keeps temporary references to the end of a method.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void KeepOneTensor(string path, string data)
    {
        var tensor = OnnxModel.Load(path).Proto.Graph.Initializer[0];
        Collect();
        Assert.Contains(data, File.ReadAllText("/proc/self/maps"));
        Assert.Equal([1f, 2f], tensor.ToFloats());
    }

    private static void Collect()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }

    private static OnnxFault? Fault(TemporaryFolder outer, string folder, string location)
    {
        var path = outer.Write($"{folder}/model.onnx", Build.Model(Build.External("w", 2, ("location", location))).ToByteArray());
        return (Record.Exception(() => OnnxModel.Load(path)) as OnnxException)?.Fault;
    }

    private static string Model(TemporaryFolder folder, params TensorProto[] tensors) => folder.Write("model.onnx", Build.Model(tensors).ToByteArray());

    private static byte[] Numbers(params float[] values) => [.. values.SelectMany(BitConverter.GetBytes)];
}
