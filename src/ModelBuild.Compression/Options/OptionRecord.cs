using System.Reflection;

namespace ModelBuild.Compression.Options;

/// <summary>
/// The record with the options of a step. Each parameter of its constructor is an option, except for records of shared options, whose own parameters are
/// options in this place.
/// </summary>
internal sealed class OptionRecord
{
    private readonly ConstructorInfo _constructor;
    private readonly List<Func<IReadOnlyDictionary<StepOption, object?>, object?>> _arguments = [];
    private readonly List<StepOption> _options = [];

    /// <summary>Reads the options of a step from the constructor parameters of its options record.</summary>
    public OptionRecord(Type type)
        : this(type, options => options) { }

    // The function 'find' gets the complete options record of a step. It returns the record inside it that has the options of this object.
    private OptionRecord(Type type, Func<object, object> find)
    {
        _constructor = type.GetConstructors()[0];
        foreach (var parameter in _constructor.GetParameters())
        {
            var property = type.GetProperty(parameter.Name!)!;
            object? Get(object options) => property.GetValue(find(options));
            if (parameter.ParameterType.IsAssignableTo(typeof(ISharedOptions)))
            {
                var shared = new OptionRecord(parameter.ParameterType, options => Get(options)!);
                _options.AddRange(shared.Options);
                _arguments.Add(shared.Create);
            }
            else
            {
                var option = new StepOption(parameter, type, Get);
                _options.Add(option);
                _arguments.Add(values => values.TryGetValue(option, out var value) ? value : option.Default);
            }
        }
    }

    /// <summary>The options of the step in the order of the constructor's parameters.</summary>
    public IReadOnlyList<StepOption> Options => _options;

    /// <summary>Creates an options record of the step. Options without a value have their defaults.</summary>
    public object Create(IReadOnlyDictionary<StepOption, object?> values) => _constructor.Invoke([.. _arguments.Select(argument => argument(values))]);
}
