using Mono.Cecil;

namespace ModelBuild.Architecture.Tests;

/// <summary>The namespaces of the engine have one direction, and its passes depend on nothing but their model and their data.</summary>
public sealed class EngineTests
{
    private const string Root = "ModelBuild.Compression";

    private static readonly Levels Order = new(
        ["Diagnostics", "Estimation", "Randomness", "Files"],
        ["GraphEdits"],
        ["Operators"],
        ["Options", "Reports", "Targets", "Work"],
        ["Signatures"],
        ["Descriptions", "Execution"],
        ["Calibration", "Formats", "Preprocessing"],
        ["Counting", "Profiling"],
        ["Layers", "Partition"],
        ["Verification"],
        ["Training"],
        ["Passes"],
        ["Search"],
        ["Passes.Optimization", "Passes.Quantization", "Passes.Factorization", "Passes.Pruning"],
        ["Passes.Clustering", "Passes.Precision", "Passes.Sparsification", "Passes.Training"],
        ["Receipts"],
        ["Comparison", "Compilers", "Recipes"],
        ["Inspection", "Pages"],
        ["Pipeline"],
        ["Caching", "Tuning"]
    );

    private static readonly string[] Clocks = ["System.Diagnostics.Stopwatch", "System.TimeProvider", "System.Threading.Timer"];

    [Fact]
    public void References_go_down()
    {
        using var module = Assemblies.Read(Root);
        var uses = TypeUses.Inside(module).Where(use => IsEngine(use.From) && IsEngine(use.To)).ToArray();

        Assert.True(uses.Length > 1000, $"Only {uses.Length} references were found.");
        Assert.Empty(Order.Faults(uses.Select(use => (Part(use.From), use.From.Name, Part(use.To), use.To.Name))));
    }

    [Fact]
    public void Passes_use_no_clock_no_random_numbers_no_console_and_write_no_file()
    {
        using var module = Assemblies.Read(Root);
        var passes = module.Types.Where(type => type.Namespace.StartsWith(Root + ".Passes", StringComparison.Ordinal)).ToArray();

        Assert.True(passes.Length > 100, $"Only {passes.Length} types were found.");
        Assert.Empty(passes.SelectMany(pass => TypeUses.Calls(pass).Where(IsForbidden).Select(call => $"{pass.FullName} calls {call.FullName}")).Distinct());
    }

    [Theory]
    [InlineData("ModelBuild.Compression", 500)]
    [InlineData("ModelBuild.Onnx", 20)]
    public void Random_numbers_come_from_the_engines_own_generator(string assembly, int leastTypes)
    {
        using var module = Assemblies.Read(assembly);

        Assert.True(module.Types.Count > leastTypes, $"Only {module.Types.Count} types were found.");
        Assert.Empty(
            module
                .Types.SelectMany(type => TypeUses.Calls(type).Select(call => (Type: type.FullName, Call: call.DeclaringType.FullName)))
                .Where(use => use.Call == "System.Random")
                .Distinct()
        );
    }

    [Fact]
    public void Nothing_casts_a_pass()
    {
        using var module = Assemblies.Read(Root);
        var passes = Passes(module);

        Assert.Empty(
            module
                .Types.SelectMany(type => TypeUses.Casts(type).Select(target => (From: type.FullName, To: target.FullName)))
                .Where(cast => passes.Contains(cast.To))
                .Distinct()
        );
    }

    [Fact]
    public void No_pass_runs_another_pass()
    {
        using var module = Assemblies.Read(Root);
        var passes = Passes(module);
        var families = module.Types.Where(type => type.Namespace.StartsWith(Root + ".Passes.", StringComparison.Ordinal));

        Assert.Empty(
            families
                .SelectMany(type => TypeUses.Calls(type).Select(call => (From: type.FullName, call.Name, To: call.DeclaringType.FullName)))
                .Where(call => call.Name is ".ctor" or "Run" && passes.Contains(call.To) && call.From != call.To && !passes.IsSubclass(call.From, call.To))
                .Distinct()
        );
    }

    // The names of the passes of steps, of the interfaces that the pipeline calls, and of base classes of passes.
    private static PassTypes Passes(ModuleDefinition module)
    {
        var passes = new PassTypes(module, [Root + ".Passes.IPass", Root + ".Passes.IContractChange", Root + ".Layers.ILayerSolver"]);
        Assert.True(passes.Count > 20, $"Only {passes.Count} passes were found.");
        return passes;
    }

    private static bool IsForbidden(MethodReference call)
    {
        var (type, name) = (call.DeclaringType.FullName, call.Name);
        return type switch
        {
            "System.Console" or "System.Random" => true,
            "System.DateTime" or "System.DateTimeOffset" => name is "get_Now" or "get_UtcNow" or "get_Today",
            "System.Environment" => name is "get_TickCount" or "get_TickCount64",
            "System.Guid" => name == "NewGuid",
            "System.IO.File" => !name.StartsWith("Read", StringComparison.Ordinal) && name is not ("OpenRead" or "Exists"),
            "System.IO.Directory" => name is "CreateDirectory" or "Delete" or "Move",
            "System.IO.StreamWriter" or "System.IO.FileStream" => name == ".ctor",
            _ => Clocks.Contains(type),
        };
    }

    private static bool IsEngine(TypeReference type) => type.Namespace.StartsWith(Root + ".", StringComparison.Ordinal);

    // The folder below the root, and for passes the family.
    private static string Part(TypeReference type)
    {
        var names = type.Namespace[(Root.Length + 1)..].Split('.');
        return names[0] == "Passes" && names.Length > 1 ? $"{names[0]}.{names[1]}" : names[0];
    }
}
