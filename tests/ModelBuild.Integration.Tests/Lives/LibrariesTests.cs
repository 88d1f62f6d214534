using ModelBuild.Integration.Tests.Building;

namespace ModelBuild.Integration.Tests.Lives;

public sealed class LibrariesTests(LibrariesLife life) : IClassFixture<LibrariesLife>
{
    [Fact]
    public void An_application_gets_the_models_of_the_libraries_below_it()
    {
        Assert.Empty(life.Parallel.Codes);
        Assert.Equal((3, 3), (life.Parallel.Starts("inspect"), life.Parallel.Starts("compress")));
        foreach (
            var model in new[]
            {
                "First/debug/models/Base",
                "First/debug/models/Mid",
                "First/debug/models/First",
                "Second/debug/models/Base",
                "Second/debug/models/Mid",
                "Mid/debug/models/Base",
            }
        )
            Assert.Contains(model + "/DigitsModel.onnx", life.ArtifactsOutput);
        Assert.Equal("1 1 1", life.Printed);
    }

    [Fact]
    public void A_test_project_gets_the_models_of_the_application_it_tests()
    {
        Assert.Contains("First.Tests/debug/models/First/DigitsModel.onnx", life.ArtifactsOutput);
        Assert.Contains("Passed:     1", life.Tested, StringComparison.Ordinal);
    }

    [Fact]
    public void Generated_code_is_the_C_sharp_of_the_project() => Assert.Contains("Base/debug/Base.dll", life.ArtifactsOutput);

    [Fact]
    public void Internals_visible_to_another_project_with_models_do_not_clash() => Assert.Empty(life.Graph.Codes);

    [Fact]
    public void Graph_builds_run_each_project_once() => Once(life.Graph);

    [Fact]
    public void Isolated_builds_work() => Once(life.Isolated);

    [Fact]
    public void Multithreaded_builds_run_the_tasks_in_process()
    {
        Once(life.Threads);
        // MSBuild runs tasks without the attribute in another process and logs that; some tasks of the SDK lack it.
        Assert.Contains(life.Threads.Texts, text => text.StartsWith("Launching task \"", StringComparison.Ordinal));
        Assert.DoesNotContain(life.Threads.Texts, text => text.StartsWith("Launching task \"ModelBuild", StringComparison.Ordinal));
    }

    [Fact]
    public void One_node_publishes_every_model()
    {
        Once(life.OneNode);
        foreach (var assembly in new[] { "Base", "Mid", "First" })
            Assert.Contains($"models/{assembly}/DigitsModel.onnx", life.Published);
    }

    private static void Once(BuildResult result)
    {
        Assert.Empty(result.Codes);
        Assert.Equal((3, 3), (result.Starts("inspect"), result.Starts("compress")));
    }
}
