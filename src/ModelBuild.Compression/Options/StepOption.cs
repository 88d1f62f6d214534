using System.Reflection;

namespace ModelBuild.Compression.Options;

/// <summary>An option of a step: a parameter of the step's options record, named in kebab case.</summary>
internal sealed class StepOption
{
    private readonly Func<object, object?> _get;

    internal StepOption(ParameterInfo parameter, Type record, Func<object, object?> get)
    {
        _get = get;
        Type = parameter.ParameterType;
        Name = IsOpen ? "name" : OptionValue.Words(parameter.Name!);
        Default = parameter.HasDefaultValue
            ? parameter.DefaultValue ?? EmptyValue(Type)
            : throw new InvalidOperationException($"{record.Name}.{parameter.Name} needs a default.");
    }

    /// <summary>The name of the option in recipes, such as <c>per-channel</c>.</summary>
    public string Name { get; }

    /// <summary>The .NET type of the option's value.</summary>
    public Type Type { get; }

    /// <summary>The default: the value of the option when the recipe does not set it.</summary>
    public object? Default { get; }

    /// <summary>The default value of the option as recipes write it; empty for none.</summary>
    public string DefaultText => IsOpen ? "number" : OptionValue.Format(Default);

    /// <summary>Whether the option holds numbers with names that the user chooses.</summary>
    internal bool IsOpen => Type == typeof(NamedNumbers);

    // Returns the default value of a parameter that is a structure. Reflection does not return it.
    private static object? EmptyValue(Type type) =>
        type == typeof(AutoNumber) ? default(AutoNumber)
        : type == typeof(MemorySize) ? default(MemorySize)
        : null;

    /// <summary>Returns the value that the option has in the options record of a step.</summary>
    internal object? Get(object options) => _get(options);
}
