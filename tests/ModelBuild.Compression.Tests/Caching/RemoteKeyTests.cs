using ModelBuild.Compression.Caching;
using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Recipes;

namespace ModelBuild.Compression.Tests.Caching;

public sealed class RemoteKeyTests
{
    private static readonly string Key = new('a', 64);
    private static readonly CompressionRequest Request = new("model.onnx", "small.onnx");

    [Fact]
    public void Results_of_live_data_belong_to_a_class_of_processors()
    {
        var request = Request with { CalibrationData = ["data.npz"] };

        Assert.NotEqual(Of(request, "x64-avx2"), Of(request, "x64-avx512vnni"));
        Assert.Equal(Of(request, "x64-avx2"), Of(request, "x64-avx2"));
        Assert.Matches("^[0-9a-f]{64}$", Of(request, "x64-avx2"));
    }

    [Fact]
    public void Results_of_a_training_belong_to_a_class_of_processors()
    {
        var request = Request with { Recipe = RecipeParser.Parse("prune(0.9) fine-tune"), Train = true };

        Assert.NotEqual(Of(request, "x64-avx2"), Of(request, "arm64-neon"));
    }

    [Fact]
    public void Results_without_data_of_a_calibration_file_and_of_trained_values_are_the_same_everywhere()
    {
        Assert.Equal(Key, Of(Request with { Train = true }, "x64-avx2"));
        Assert.Equal(Key, Of(Request with { CalibrationFile = "model.calibration.json" }, "x64-avx2"));
        Assert.Equal(Key, Of(Request with { Recipe = RecipeParser.Parse("prune(0.9) fine-tune"), TrainedFile = "model.trained.safetensors" }, "x64-avx2"));
    }

    [Fact]
    public void The_class_of_this_processor_has_its_architecture_and_its_vectors() =>
        Assert.Matches("^(x64-(sse2|avx|avx2|avxvnni|avx512|avx512vnni)|arm64-(neon|dotprod)|[a-z0-9]+-scalar)$", ProcessorClass.Text);

    private static string Of(CompressionRequest request, string processor) => RemoteKey.Of(Key, request, processor);
}
