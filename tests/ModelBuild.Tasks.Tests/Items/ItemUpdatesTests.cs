using Microsoft.Build.Utilities;
using ModelBuild.Tasks.Items;

namespace ModelBuild.Tasks.Tests.Items;

/// <summary>Updates of a project file that reach no item.</summary>
public sealed class ItemUpdatesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("<OnnxModel Update=\"Models/digit.onnx\" Compression=\"none\" />", "Models/digit.onnx", "Models/digits.onnx")]
    [InlineData("<OnnxModel Update=\"Models\\digits.onx\" />", "Models\\digits.onx", "Models/digits.onnx")]
    [InlineData("<OnnxModel Update=\"Models/digits.onnx; other.onnx\" />", "other.onnx", "")]
    public void A_path_that_no_model_has_is_found(string element, string written, string near)
    {
        var (found, names) = Assert.Single(Find($"<Project><ItemGroup>{element}</ItemGroup></Project>"));
        Assert.Equal((written, near), (found, names.Count > 0 ? names[0] : ""));
    }

    [Theory]
    [InlineData("<Project><ItemGroup><OnnxModel Update=\"models/Digits.onnx\" /></ItemGroup></Project>")]
    [InlineData("<Project><ItemGroup><OnnxModel Update=\".\\Models\\digits.onnx\" /></ItemGroup></Project>")]
    [InlineData(
        "<Project><ItemGroup><OnnxModel Update=\"@(OnnxModel)\" /><OnnxModel Update=\"$(File)\" /><OnnxModel Update=\"**/*.onnx\" /></ItemGroup></Project>"
    )]
    [InlineData("<Project><ItemGroup Condition=\"false\"><OnnxModel Update=\"x.onnx\" /></ItemGroup></Project>")]
    [InlineData("<Project><ItemGroup><OnnxModel Include=\"x.onnx\" /><OnnxModel Remove=\"y.onnx\" /></ItemGroup></Project>")]
    [InlineData("<Project xmlns=\"http://schemas.microsoft.com/developer/msbuild/2003\"><ItemGroup><None Update=\"x.onnx\" /></ItemGroup></Project>")]
    [InlineData("this is no project")]
    public void What_reaches_a_model_or_cannot_be_told_is_not(string project) => Assert.Empty(Find(project));

    private IReadOnlyList<(string Written, IReadOnlyList<string> Near)> Find(string project)
    {
        var path = _folder.Write("App.csproj", project);
        return ItemUpdates.WithoutItem(path, [new TaskItem("Models/digits.onnx")]);
    }
}
