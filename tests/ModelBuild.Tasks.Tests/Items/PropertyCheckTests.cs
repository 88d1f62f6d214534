using ModelBuild.Tasks.Items;
using ModelBuild.Tasks.Messages;

namespace ModelBuild.Tasks.Tests.Items;

/// <summary>Properties that look like misspelt ones.</summary>
public sealed class PropertyCheckTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("ModelBuildCompresion", "Did you mean 'ModelBuildCompression'?")]
    [InlineData("modelbuildTargets", "Did you mean 'ModelBuildTarget'?")]
    [InlineData("ModelBuildCacheFolder", null)]
    [InlineData("ModelBuildCacheDirectry", "Did you mean 'ModelBuildCacheDirectory'?")]
    [InlineData("ModelBuildState", "State is different for each model. Set it as metadata of an OnnxModel item.")]
    [InlineData("ModelBuildMyOwnThing", null)]
    [InlineData("ModelBuildMinSqnr", null)]
    [InlineData("Compresion", null)]
    public void Are_told_wherever_they_stand(string name, string? remedy)
    {
        var project = _folder.Write("App.csproj", $"<Project><PropertyGroup><{name}>x</{name}></PropertyGroup></Project>");
        var props = _folder.Write(
            "Directory.Build.props",
            $"""<Project xmlns="http://schemas.microsoft.com/developer/msbuild/2003"><PropertyGroup><{name}>y</{name}></PropertyGroup></Project>"""
        );
        var empty = _folder.Write("Other.csproj", $"<Project><!-- <{name} /> --><ItemGroup><{name} Include=\"x\" /></ItemGroup></Project>");
        string[] expected = remedy is null ? [] : [$"The property {name} has no effect. {remedy}"];

        Assert.Equal(expected, Texts([project, props], [name]));
        Assert.Equal(expected, Texts([props], []));
        Assert.Equal(expected, Texts([empty], [name]));
        Assert.Empty(Texts([empty, _folder.File("none.props"), _folder.Write("broken.props", "<Project>")], []));

        string[] Texts(string[] files, string[] commandLine)
        {
            ModelProblem[] problems = [.. PropertyCheck.Problems(files, commandLine, project)];
            Assert.All(problems, problem => Assert.Equal("MB1035", problem.Code));
            return [.. problems.Select(problem => problem.Text)];
        }
    }
}
