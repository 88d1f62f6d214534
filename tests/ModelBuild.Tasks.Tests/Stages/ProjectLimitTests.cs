namespace ModelBuild.Tasks.Tests.Stages;

/// <summary>Projects that cannot have models, or no classes for them: one message each.</summary>
public sealed class ProjectLimitTests : IDisposable
{
    private readonly StageProject _project = new();

    public ProjectLimitTests() => _project.Write("a.onnx", "copy");

    public void Dispose() => _project.Dispose();

    [Theory]
    [InlineData("netstandard2.0", ".NETStandard", "v2.0", "")]
    [InlineData("netstandard2.1", ".NETStandard", "v2.1", "net10.0;netstandard2.1")]
    [InlineData("net472", ".NETFramework", "v4.7.2", "")]
    [InlineData("net472", ".NETFramework", "v4.7.2", "net8.0;net472")]
    [InlineData("net6.0", ".NETCoreApp", "v6.0", "")]
    [InlineData("net7.0-windows", ".NETCoreApp", "v7.0", "net7.0-windows;net8.0-windows")]
    [InlineData("netcoreapp3.1", ".NETCoreApp", "v3.1", "")]
    [InlineData("", ".NETFramework", "v4.8", "")]
    public void A_target_framework_that_is_too_old_is_one_error(string framework, string identifier, string version, string all)
    {
        Target(framework, identifier, version, all);
        // There is also no message about packages or items that such a project lacks.
        _project.Assets = [];
        Assert.False(_project.Build(_project.Model("a.onnx"), _project.Model("gone.onnx")));
        var error = Assert.Single(_project.Engine.Errors);
        Assert.Equal(("MB1033", "App.csproj"), (error.Code, Path.GetFileName(error.File)));
        Assert.Contains(
            $"The project targets {(framework.Length > 0 ? framework : ".NETFramework v4.8")}, but models need net8.0 or newer.",
            error.Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            all.Length > 0 ? $"Condition=\"'$(TargetFramework)' != '{framework}'\" on the PackageReference" : "Set TargetFramework to net8.0 or newer",
            error.Message,
            StringComparison.Ordinal
        );
        Assert.Empty(_project.Engine.Warnings);
        Assert.False(Directory.Exists(_project.Obj));
    }

    [Theory]
    [InlineData("net8.0", ".NETCoreApp", "v8.0")]
    [InlineData("net9.0-android", ".NETCoreApp", "v9.0")]
    [InlineData("net10.0", ".NETCoreApp", "v10.0")]
    [InlineData("", "", "")]
    public void Other_target_frameworks_have_models(string framework, string identifier, string version)
    {
        Target(framework, identifier, version, "netstandard2.0;" + framework);
        Assert.True(_project.Build(_project.Model("a.onnx")));
        Assert.Empty(_project.Engine.Warnings);
    }

    [Fact]
    public void In_an_editor_it_is_a_warning_and_no_stage_does_anything()
    {
        Target("net6.0", ".NETCoreApp", "v6.0", "");
        var inspect = _project.Inspect("DesignTime", _project.Model("a.onnx"));
        Assert.True(inspect.Execute());
        Assert.Equal("MB1033", Assert.Single(_project.Engine.Warnings).Code);
        Assert.Empty(inspect.Signatures);
        var compress = _project.Compress("DesignTime", _project.Model("a.onnx"));
        Assert.True(compress.Execute());
        Assert.Empty(_project.Engine.Warnings);
        Assert.False(Directory.Exists(_project.Obj));
    }

    [Theory]
    [InlineData("F#")]
    [InlineData("VB")]
    public void A_language_without_classes_is_one_warning_and_the_model_is_made(string language)
    {
        _project.Properties["Language"] = language;
        Assert.True(_project.Inspect("Build", _project.Model("a.onnx")).Execute());
        var warning = Assert.Single(_project.Engine.Warnings);
        Assert.Equal(("MB1034", "App.csproj"), (warning.Code, Path.GetFileName(warning.File)));
        Assert.Contains($"this project is in {language}", warning.Message, StringComparison.Ordinal);
        Assert.Contains("C# class library", warning.Message, StringComparison.Ordinal);
        Assert.True(_project.Compress("Build", _project.Model("a.onnx")).Execute());
        Assert.Empty(_project.Engine.Warnings);
        Assert.True(File.Exists(Path.Combine(_project.Obj, "AModel.onnx")));
    }

    [Theory]
    [InlineData("C#", "Build", true)]
    [InlineData("F#", "DesignTime", true)]
    [InlineData("F#", "Build", false)]
    public void Nothing_is_said_of_the_language_elsewhere(string language, string mode, bool hasModel)
    {
        _project.Properties["Language"] = language;
        Assert.True(_project.Inspect(mode, hasModel ? [_project.Model("a.onnx")] : []).Execute());
        Assert.Empty(_project.Engine.Warnings);
    }

    private void Target(string framework, string identifier, string version, string all)
    {
        _project.Properties["TargetFramework"] = framework;
        _project.Properties["TargetFrameworks"] = all;
        _project.Properties["TargetFrameworkIdentifier"] = identifier;
        _project.Properties["TargetFrameworkVersion"] = version;
    }
}
