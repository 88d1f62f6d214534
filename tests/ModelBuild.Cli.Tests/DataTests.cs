using ModelBuild.Cli.Tests.Support;

namespace ModelBuild.Cli.Tests;

/// <summary>Data may be pictures, which the program prepares as the class of the model does.</summary>
public sealed class DataTests : IDisposable
{
    private const string Image = "bgr resize(4,2) scale(1/2) mean(1,2,3)";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_archive_has_the_prepared_pictures_in_the_order_of_their_paths()
    {
        Photos(-1).Save(_folder.File("model.onnx"));
        Bitmap("photos/b.bmp", 10, 20, 30);
        Bitmap("photos/a/z.bmp", 40, 50, 60);

        var result = Program().Run("data", "photos", "--model", "model.onnx", "--image", Image, "--output", "data.npz");

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Contains("data.npz: 2 rows", result.Output, StringComparison.Ordinal);
        Assert.Equal(["x"], Archive("data.npz").Names);
        Assert.Equal("(2, 3, 2, 4,)", Archive("data.npz").Shape("x"));
        // The channels of each picture are blue, green, red.
        Assert.Equal(Planes((60 / 2f) - 1, (50 / 2f) - 2, (40 / 2f) - 3).Concat(Planes((30 / 2f) - 1, (20 / 2f) - 2, (10 / 2f) - 3)), Floats("data.npz"));
    }

    [Fact]
    public void Names_of_folders_are_labels_if_all_of_them_are_classes()
    {
        Photos(-1).Save(_folder.File("model.onnx"));
        File.WriteAllText(_folder.File("labels.txt"), "cat\ndog\n");
        foreach (var folder in new[] { "photos/Dog", "photos/cat" })
            Bitmap($"{folder}/1.bmp", 1, 2, 3);
        string[] command = ["data", "photos", "--model", "model.onnx", "--image", Image, "--labels", "labels.txt", "--output", "data.npz"];

        Assert.Equal(0, Program().Run(command).ExitCode);
        Assert.Equal([1, 0], Labels("data.npz"));

        Bitmap("photos/other/1.bmp", 1, 2, 3);
        Assert.Equal(0, Program().Run(command).ExitCode);
        Assert.Equal(["x"], Archive("data.npz").Names);
    }

    [Fact]
    public void The_description_and_the_labels_are_found_beside_the_model()
    {
        Photos(-1).Save(_folder.File("model.onnx"));
        File.WriteAllText(_folder.File("model.task.json"), """{ "image": "rgb resize(4,2)", "labels": ["cat", "dog"] }""");
        Bitmap("photos/dog/1.bmp", 1, 2, 3);

        Assert.Equal(0, Program().Run("data", "photos/**/*.bmp", "--model", "model.onnx", "--output", "data.npz").ExitCode);

        Assert.Equal([1], Labels("data.npz"));
        Assert.Equal(Planes(1, 2, 3), Floats("data.npz"));
    }

    [Fact]
    public void Every_command_that_takes_data_takes_pictures_and_leaves_no_archive()
    {
        Photos(1).Save(_folder.File("model.onnx"));
        File.WriteAllText(_folder.File("model.task.json"), """{ "image": "rgb resize(4,2) scale(1/255)" }""");
        for (var i = 0; i < 16; i++)
            Bitmap($"photos/{i:00}.bmp", (byte)(i * 16), (byte)(255 - (i * 16)), 128);

        Assert.Equal(0, Program().Run("calibrate", "model.onnx", "--calibration-data", "photos").ExitCode);
        var compressed = Program().Run("compress", "model.onnx", "--calibration-data", "photos", "--compression", "int8", "--json");
        Assert.Equal(0, compressed.ExitCode);
        var verified = Program().Run("verify", "model.onnx", "model.compressed.onnx", "--data", "photos", "--json");
        Assert.Equal(0, verified.ExitCode);
        Assert.Contains("\"samples\": 16", verified.Output, StringComparison.Ordinal);

        Assert.DoesNotContain(_folder.Names(), name => name.EndsWith(".npz", StringComparison.Ordinal));
    }

    [Fact]
    public void Data_that_cannot_be_prepared_is_an_error_and_leaves_nothing()
    {
        Photos(-1).Save(_folder.File("model.onnx"));
        Bitmap("photos/a.bmp", 1, 2, 3);
        File.WriteAllBytes(_folder.File("broken.bmp"), [66, 77, 1, 2, 3]);
        Numpy.Npz(_folder.File("data.npz"), ("x", Numpy.Array([1, 3, 2, 4], new float[24])));

        Data("photos").Fails(1, "MB1019", _folder.File("photos/a.bmp"), "set Image, such as");
        Data("broken.bmp", "--image", "rgb").Fails(1, "MB1019", _folder.File("broken.bmp"), "cannot be used as data");
        Data("photos", "--image", "rgb resize(5,5)").Fails(1, "MB1019", _folder.File("photos/a.bmp"), "'resize' gives 5x5 pixels");
        Data("photos", "--image", "rgb resise(4,2)").Fails(2, "MB1005", "model.onnx", "Did you mean 'resize'?");
        Data("photos", "--image", "x: rgb; y: rgb").Fails(2, "MB1005", "model.onnx", "the inputs of the model are 'x'");
        Data("data.npz").Fails(1, "MB1019", "model.onnx", "these are arrays");
        Data("none/*.bmp").Fails(1, "MB1019", "none/*.bmp", "matches no file");

        Assert.DoesNotContain("out.npz", string.Join(' ', _folder.Names()), StringComparison.Ordinal);

        ModelBuildProgram.Result Data(params string[] arguments) => Program().Run(["data", .. arguments, "--model", "model.onnx", "--output", "out.npz"]);
    }

    [Fact]
    public void Pictures_of_different_prepared_sizes_are_an_error()
    {
        new Net().Input("x", 1, 3, -1, -1).Node("Relu", "x", "y").Output("y").Save(_folder.File("model.onnx"));
        Bitmap("photos/a.bmp", 1, 2, 3);
        Bitmap("photos/b.bmp", 1, 2, 3, width: 9);

        Program()
            .Run("data", "photos", "--model", "model.onnx", "--image", "rgb", "--output", "out.npz")
            .Fails(1, "MB1019", _folder.File("photos/b.bmp"), "it has 9x3 pixels after its preparation, and 'a.bmp' has 5x3");
    }

    [Fact]
    public void A_table_gives_pictures_their_labels()
    {
        Photos(-1).Save(_folder.File("model.onnx"));
        File.WriteAllText(_folder.File("classes.txt"), "cat\ndog\n");
        Bitmap("photos/a.bmp", 1, 2, 3);
        Bitmap("photos/b.bmp", 4, 5, 6);
        _folder.Write("photos/labels.csv", "file,label\r\nb.bmp,DOG\r\na.bmp,0\r\n");
        string[] options = ["--model", "model.onnx", "--image", "rgb resize(4,2)", "--labels", "classes.txt", "--output", "data.npz"];

        Assert.Equal(0, Program().Run(["data", "photos/labels.csv", .. options]).ExitCode);

        Assert.Equal([1, 0], Labels("data.npz"));
        Assert.Equal(Planes(4, 5, 6).Concat(Planes(1, 2, 3)), Floats("data.npz"));

        _folder.Write("photos/wrong.csv", "file,label\na.bmp,cat\nc.bmp,dog\n");
        Program()
            .Run(["data", "photos/wrong.csv", .. options])
            .Fails(1, "MB1019", _folder.File("photos/wrong.csv"), "Line 3 names the file 'c.bmp', which does not");
        _folder.Write("photos/wrong.csv", "file,label\na.bmp,dgo\n");
        Program().Run(["data", "photos/wrong.csv", .. options]).Fails(1, "MB1019", _folder.File("photos/wrong.csv"), "Line 2 has the label 'dgo'");
        _folder.Write("photos/wrong.csv", "file,label\na.bmp,2\n");
        Program().Run(["data", "photos/wrong.csv", .. options]).Fails(1, "MB1019", _folder.File("photos/wrong.csv"), "'2', which is not one of the 2 classes");
    }

    [Fact]
    public void Made_inputs_have_the_range_of_the_described_image()
    {
        // The models differ for values above 1 only.
        new Net()
            .Input("x", 1, 3, 32, 32)
            .Node("Relu", "x", "y")
            .Output("y")
            .Save(_folder.File("model.onnx"));
        new Net()
            .Input("x", 1, 3, 32, 32)
            .Constant("low", [], 0f)
            .Constant("high", [], 1f)
            .Node("Clip", "x low high", "y")
            .Output("y")
            .Save(_folder.File("other.onnx"));
        string[] command = ["verify", "model.onnx", "other.onnx"];

        Assert.Equal(0, Program().Run([.. command, "--image", "rgb scale(1/255)"]).ExitCode);
        Assert.Equal(1, Program().Run([.. command, "--image", "rgb scale(1/50)"]).ExitCode);
        Program().Run([.. command, "--image", "rgb scaled(1/50)"]).Fails(2, "MB1005", "model.onnx", "Did you mean 'scale'?");
        File.WriteAllText(_folder.File("model.task.json"), """{ "image": "rgb" }""");
        Assert.Equal(1, Program().Run(command).ExitCode);
    }

    [Fact]
    public void Compression_without_data_uses_the_described_image()
    {
        new Net().Input("x", 1, 3, 32, 32).Weight("w", 8, 3, 3, 3).Node("Conv", "x w", "y").Output("y").Save(_folder.File("model.onnx"));

        Assert.True(Error("--image", "rgb") > 10 * Error("--image", "rgb scale(1/255)"));

        double Error(params string[] options)
        {
            var result = Program().Run(["compress", "model.onnx", "--compression", "int8-weights", "--max-accuracy-loss", "50%", "--json", .. options]);
            Assert.Equal(0, result.ExitCode);
            return result.Json.GetProperty("fidelity")[0].GetProperty("maxAbsoluteError").GetDouble();
        }
    }

    private ModelBuildProgram Program() => new(_folder);

    private float[] Floats(string name) => Archive(name).Floats("x");

    private long[] Labels(string name) => Archive(name).Longs("label");

    private NpzFile Archive(string name) => new(_folder.File(name));

    private static IEnumerable<float> Planes(params float[] values) => values.SelectMany(value => Enumerable.Repeat(value, 8));

    private static Net Photos(long batch) =>
        new Net().Input("x", batch, 3, 2, 4).Weight("w", 8, 3, 1, 1).Node("Conv", "x w", "c").Node("Relu", "c", "y").Output("y");

    // A picture of one colour with 24 bits a pixel, whose rows start at multiples of four bytes.
    private void Bitmap(string name, byte red, byte green, byte blue, int width = 5, int height = 3)
    {
        var row = ((width * 3) + 3) / 4 * 4;
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream))
        {
            writer.Write("BM"u8);
            writer.Write(54 + (row * height));
            writer.Write(0);
            writer.Write(54);
            writer.Write(40);
            writer.Write(width);
            writer.Write(height);
            writer.Write((short)1);
            writer.Write((short)24);
            writer.Write(new byte[24]);
            for (var y = 0; y < height; y++)
            {
                for (var x = 0; x < width; x++)
                    writer.Write([blue, green, red]);
                writer.Write(new byte[row - (width * 3)]);
            }
        }

        Directory.CreateDirectory(Path.GetDirectoryName(_folder.File(name))!);
        File.WriteAllBytes(_folder.File(name), stream.ToArray());
    }
}
