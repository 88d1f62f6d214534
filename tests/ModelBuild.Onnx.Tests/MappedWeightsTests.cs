using Google.Protobuf;

namespace ModelBuild.Onnx.Tests;

public sealed class MappedWeightsTests
{
    private static readonly OnnxLoadOptions Map = new() { MapWeights = true };

    [Theory]
    [InlineData("raw")]
    [InlineData("float")]
    [InlineData("external")]
    public void A_mapped_model_is_the_same_and_takes_no_memory(string kind)
    {
        const long Size = 8_000_000;
        using var folder = new TemporaryFolder();
        var path = folder.File("model.onnx");
        LargeModels.Write(path, Size, 20, kind);
        var copied = OnnxModel.Load(path);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var mapped = OnnxModel.Load(path, Map);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(copied.Proto, mapped.Proto);
        // Numbers in typed fields are not mapped, but copied in memory.
        Assert.InRange(allocated, 0, (kind == "float" ? Size : 0) + (Size / 20));
    }

    [Fact]
    public void What_is_released_comes_back()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("model.onnx");
        LargeModels.Write(path, 1_000_000, 3, "raw");
        var model = OnnxModel.Load(path, Map);
        var numbers = model.Proto.Graph.Initializer[1].ToFloats();

        model.ReleaseWeights();
        model.Proto.Graph.Initializer[1].Release();

        Assert.Equal(numbers, model.Proto.Graph.Initializer[1].ToFloats());
        Tensors.Create<float>("in memory", [1], [1f]).Release();
    }

    [Fact]
    public void A_mapped_model_is_saved_and_a_copy_of_it_edited()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("model.onnx");
        LargeModels.Write(path, 1_000_000, 3, "raw");
        var model = OnnxModel.Load(path, Map).Clone();
        new Graph(model).ReplaceConstant("w1", Build.Floats("w1", 5));

        model.Save(folder.File("edited.onnx"));

        var edited = OnnxModel.Load(folder.File("edited.onnx"));
        Assert.Equal(model.Proto, edited.Proto);
        Assert.Equal(5, edited.Proto.Graph.Initializer[1].ElementCount());
    }

    [Fact]
    public void Where_the_system_lets_it_the_file_of_a_mapped_model_may_be_replaced()
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("Windows keeps mapped files from being replaced.");
        using var folder = new TemporaryFolder();
        var path = folder.File("model.onnx");
        LargeModels.Write(path, 1_000_000, 3, "raw");
        var model = OnnxModel.Load(path, Map);

        model.Save(path);

        Assert.Equal(model.Proto, OnnxModel.Load(path).Proto);
    }

    [Fact]
    public unsafe void Weights_in_memory_are_moved_to_a_temporary_file()
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("Windows cannot delete a mapped file.");
        var (tensor, empty) = (Build.Floats("w", 100_000), new TensorProto());
        tensor.RawData = ByteString.CopyFrom(tensor.RawData.Span);
        var before = tensor.Clone();

        Assert.True(tensor.MoveToFile());
        Assert.False(tensor.MoveToFile());
        Assert.False(empty.MoveToFile());
        tensor.Release();

        Assert.Equal(before, tensor);
        using var pinned = tensor.RawData.Memory.Pin();
        Assert.Equal(before.RawData.Span, new ReadOnlySpan<byte>(pinned.Pointer, tensor.RawData.Length));
    }

    [Fact]
    public void A_file_that_ends_too_early_is_found_without_reading_it()
    {
        using var folder = new TemporaryFolder();
        var bytes = Build.Model(Build.Floats("w", 1000)).ToByteArray();
        var path = folder.File("model.onnx");
        File.WriteAllBytes(path, bytes[..^2000]);

        Assert.Equal(OnnxFault.Truncated, Assert.Throws<OnnxException>(() => OnnxModel.Load(path, Map)).Fault);
    }
}
