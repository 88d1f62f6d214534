using ModelBuild.Tasks.Tests.Stages;

namespace ModelBuild.Tasks.Tests.Program;

/// <summary>Tests the error without a <c>dotnet</c> that runs the program. The test changes PATH, so it does not run in parallel with others.</summary>
[Collection(nameof(MissingHostTests))]
[CollectionDefinition(nameof(MissingHostTests), DisableParallelization = true)]
public sealed class MissingHostTests
{
    [Fact]
    public void No_dotnet_is_MB1015()
    {
        using var project = new StageProject();
        project.Write("a.onnx", "copy");
        var task = project.Inspect("Build", project.Model("a.onnx"));
        task.DotnetHost = "";
        var path = Environment.GetEnvironmentVariable("PATH");
        try
        {
            Environment.SetEnvironmentVariable("PATH", project.Obj);

            Assert.False(task.Execute());
        }
        finally
        {
            Environment.SetEnvironmentVariable("PATH", path);
        }

        var error = Assert.Single(project.Engine.Errors);
        Assert.Equal("MB1015", error.Code);
        Assert.Contains("set ModelBuildDotnetHost", error.Message, StringComparison.Ordinal);
        Assert.Empty(project.TakeStarts());
    }
}
