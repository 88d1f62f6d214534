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

    // Temporary folders that no process has written to for a week are deleted. A request to the remote cache is repeated after a pause, and ends after a time.
    // None of them affects a result.
    private static readonly string[] Timed = [Root + ".Caching.Remote.HttpStore", Root + ".Caching.Remote.Patience", Root + ".Files.StaleFolders"];

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

    [Fact]
    public void The_engine_uses_no_clock()
    {
        using var module = Assemblies.Read(Root);
        var timed = module.Types.Where(type => TypeUses.Calls(type).Any(IsClock)).Select(type => type.FullName);

        Assert.Equal(Timed, timed.Order(StringComparer.Ordinal));
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
        var passes = new PassTypes(module, [Root + ".Passes.IPass", Root + ".Passes.IContractChange", Root + ".Layers.Solvers.ILayerSolver"]);
        Assert.True(passes.Count > 20, $"Only {passes.Count} passes were found.");
        return passes;
    }

    private static bool IsForbidden(MethodReference call)
    {
        var (type, name) = (call.DeclaringType.FullName, call.Name);
        return IsClock(call)
            || type switch
            {
                "System.Console" or "System.Random" or "System.Security.Cryptography.RandomNumberGenerator" => true,
                "System.Guid" => name is "NewGuid" or "CreateVersion7",
                "System.IO.File" => !name.StartsWith("Read", StringComparison.Ordinal) && name is not ("OpenRead" or "Exists"),
                "System.IO.FileInfo" => name is not (".ctor" or "OpenRead" or "OpenText") && !name.StartsWith("get_", StringComparison.Ordinal),
                "System.IO.Directory" => name.StartsWith("Create", StringComparison.Ordinal) || name is "Delete" or "Move",
                "System.IO.DirectoryInfo" => name.StartsWith("Create", StringComparison.Ordinal) || name is "Delete" or "MoveTo",
                "System.IO.Path" => name == "GetTempFileName",
                "System.IO.RandomAccess" => name is "Write" or "WriteAsync" or "SetLength",
                "System.IO.StreamWriter" or "System.IO.FileStream" => name == ".ctor",
                _ => false,
            };
    }

    private static bool IsClock(MethodReference call) =>
        (call.DeclaringType.FullName, call.Name) switch
        {
            ("System.DateTime" or "System.DateTimeOffset", var name) => name is "get_Now" or "get_UtcNow" or "get_Today",
            ("System.Environment", var name) => name is "get_TickCount" or "get_TickCount64",
            ("System.Threading.Thread", var name) => name == "Sleep",
            ("System.Threading.Tasks.Task", var name) => name == "Delay",
            ("System.Threading.CancellationTokenSource", var name) => name == "CancelAfter",
            (var type, _) => type is "System.Diagnostics.Stopwatch" or "System.TimeProvider" or "System.Threading.Timer" or "System.Threading.PeriodicTimer",
        };

    private static bool IsEngine(TypeReference type) => type.Namespace.StartsWith(Root + ".", StringComparison.Ordinal);

    // Returns the folder below the root. For passes, it is the folder of the family.
    private static string Part(TypeReference type)
    {
        var names = type.Namespace[(Root.Length + 1)..].Split('.');
        return names[0] == "Passes" && names.Length > 1 ? $"{names[0]}.{names[1]}" : names[0];
    }
}
