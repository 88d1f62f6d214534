namespace ModelBuild.Architecture.Tests;

/// <summary>The projects refer to each other in one direction.</summary>
public sealed class ProjectTests
{
    [Theory]
    [InlineData("ModelBuild.Onnx", "")]
    [InlineData("ModelBuild.Compression", "ModelBuild.Onnx")]
    [InlineData("modelbuild", "ModelBuild.Compression ModelBuild.Onnx ModelBuild.Runtime")]
    [InlineData("ModelBuild.Runtime", "")]
    [InlineData("ModelBuild.Hosting", "ModelBuild.Runtime")]
    [InlineData("ModelBuild.Serving", "ModelBuild.Hosting ModelBuild.Runtime")]
    [InlineData("ModelBuild.Server", "ModelBuild.Runtime")]
    [InlineData("ModelBuild.Imaging", "ModelBuild.Runtime")]
    [InlineData("ModelBuild.Audio", "")]
    [InlineData("ModelBuild.Text", "ModelBuild.Runtime")]
    [InlineData("ModelBuild.Generator", "")]
    [InlineData("ModelBuild.Tasks", "")]
    public void A_project_refers_to_the_projects_below_it(string project, string allowed)
    {
        using var module = Assemblies.Read(project);

        var references = module.AssemblyReferences.Select(reference => reference.Name).Where(name => name.StartsWith("ModelBuild", StringComparison.Ordinal));

        Assert.Equal(allowed, string.Join(' ', references.Order(StringComparer.Ordinal)));
    }

    /// <summary>.NET may change the numbers of <see cref="Random"/> with each version, and ModelBuild.Compression.Randomness does not.</summary>
    [Theory]
    [InlineData("ModelBuild.Onnx")]
    [InlineData("ModelBuild.Compression")]
    [InlineData("modelbuild")]
    [InlineData("ModelBuild.Runtime")]
    [InlineData("ModelBuild.Hosting")]
    [InlineData("ModelBuild.Serving")]
    [InlineData("ModelBuild.Server")]
    [InlineData("ModelBuild.Imaging")]
    [InlineData("ModelBuild.Audio")]
    [InlineData("ModelBuild.Text")]
    [InlineData("ModelBuild.Generator")]
    [InlineData("ModelBuild.Tasks")]
    public void No_project_uses_the_random_numbers_of_the_class_library(string project)
    {
        using var module = Assemblies.Read(project);

        Assert.DoesNotContain("System.Random", module.GetTypeReferences().Select(type => type.FullName));
    }
}
