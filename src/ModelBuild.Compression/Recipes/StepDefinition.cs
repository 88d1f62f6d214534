using System.Reflection;
using ModelBuild.Compression.Passes;

namespace ModelBuild.Compression.Recipes;

/// <summary>What a step is called, what it does, which options it has, and the pass that carries it out.</summary>
public sealed class StepDefinition
{
    private readonly ConstructorInfo _constructor;

    private StepDefinition(string name, string summary, bool isPrecise, WeightUse weights, Type options, Func<object, IPass> createPass)
    {
        Name = name;
        Summary = summary;
        IsPrecise = isPrecise;
        Weights = weights;
        CreatePass = createPass;
        _constructor = options.GetConstructors()[0];
        Options = [.. _constructor.GetParameters().Select(parameter => new StepOption(parameter, options))];
    }

    /// <summary>The name in recipes: lower case, words joined by hyphens.</summary>
    public string Name { get; }

    /// <summary>One sentence for help texts.</summary>
    public string Summary { get; }

    /// <summary>Whether the step keeps every number at float16's precision or better.</summary>
    public bool IsPrecise { get; }

    /// <summary>The options in the order in which they may be given without a name.</summary>
    public IReadOnlyList<StepOption> Options { get; }

    internal WeightUse Weights { get; }

    internal Func<object, IPass> CreatePass { get; }

    /// <summary>Defines a step whose options are the parameters of the record <typeparamref name="TOptions"/>.</summary>
    internal static StepDefinition Create<TOptions>(
        string name,
        string summary,
        bool isPrecise,
        Func<TOptions, IPass> createPass,
        WeightUse weights = WeightUse.Any
    )
        where TOptions : notnull => new(name, summary, isPrecise, weights, typeof(TOptions), options => createPass((TOptions)options));

    internal RecipeStep CreateStep(IReadOnlyDictionary<StepOption, object?> values) =>
        new(this, _constructor.Invoke([.. Options.Select(option => values.TryGetValue(option, out var value) ? value : option.Default)]));
}
