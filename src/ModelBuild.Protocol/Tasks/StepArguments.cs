namespace ModelBuild.Protocol;

/// <summary>Represents the arguments of one step of a description: first those without names, then those with names, of which each name occurs once.</summary>
internal sealed class StepArguments
{
    private readonly string _text;
    private readonly DescriptionStep _step;
    private readonly List<DescriptionArgument> _values = [];
    private readonly List<DescriptionArgument> _named = [];

    /// <summary>Initializes a new instance of the <see cref="StepArguments"/> class with the arguments of a step.</summary>
    /// <param name="text">The description.</param>
    /// <param name="step">The step.</param>
    /// <param name="names">The names that arguments of the step may have.</param>
    /// <exception cref="DescriptionException">
    /// An argument has an unknown name or one that is given twice, or an argument without a name follows one with a name.
    /// </exception>
    public StepArguments(string text, DescriptionStep step, params string[] names)
    {
        (_text, _step) = (text, step);
        foreach (var argument in step.Arguments ?? [])
            if (argument.Name is null)
                _values.Add(_named.Count == 0 ? argument : throw Mistake(argument, $"'{argument.Value}' stands before the arguments with names."));
            else if (names.Length == 0)
                throw Mistake(argument, $"'{step.Name}' has no argument with a name, so '{argument.Name}=' is not possible.");
            else if (!names.Contains(argument.Name))
                throw Mistake(
                    argument,
                    $"'{step.Name}' has no argument '{argument.Name}'.{NearestName.Hint(argument.Name, names)} Its names are {Quote(names)}."
                );
            else if (Named(argument.Name) is not null)
                throw Mistake(argument, $"'{argument.Name}' is given twice.");
            else
                _named.Add(argument);
    }

    /// <summary>Gets the number of arguments without names.</summary>
    public int Count => _values.Count;

    /// <summary>Verifies the number of arguments without names.</summary>
    /// <param name="least">The smallest number.</param>
    /// <param name="most">The largest number.</param>
    /// <param name="explanation">The expected arguments for messages, such as <c>one number</c>.</param>
    /// <param name="example">An example of the step.</param>
    /// <exception cref="DescriptionException">The step has fewer or more arguments.</exception>
    public void RequireCount(int least, int most, string explanation, string example)
    {
        if (_values.Count < least || _values.Count > most)
            throw new DescriptionException(_text, _step.Position, $"'{_step.Name}' has {explanation}, such as '{example}'; here it has {_values.Count}.");
    }

    /// <summary>Gets an argument without a name.</summary>
    public DescriptionArgument At(int index) => _values[index];

    /// <summary>Gets an argument with a name; null if it is not given.</summary>
    public DescriptionArgument? Named(string name) => _named.Find(argument => argument.Name == name);

    /// <summary>Reads an argument as an integer in a range.</summary>
    /// <exception cref="DescriptionException">The argument is not an integer in the range.</exception>
    public int Integer(DescriptionArgument argument, int least, int most) =>
        Number(argument) is var number && number >= least && number <= most && number == Math.Floor(number)
            ? (int)number
            : throw Mistake(argument, $"'{argument.Value}' is not an integer from {least} to {most}.");

    /// <summary>Reads an argument as a number.</summary>
    /// <exception cref="DescriptionException">The argument is not a number.</exception>
    public double Number(DescriptionArgument argument) => argument.Number(_text);

    /// <summary>Reads an argument as a number that is greater than 0.</summary>
    /// <exception cref="DescriptionException">The argument is not such a number.</exception>
    public double Positive(DescriptionArgument argument) =>
        Number(argument) is > 0 and var number ? number : throw Mistake(argument, $"'{argument.Value}' is not greater than 0.");

    /// <summary>Reads the argument with a name as one of several words.</summary>
    /// <param name="name">The name of the argument.</param>
    /// <param name="words">The words with their meanings.</param>
    /// <param name="missing">The meaning if the argument is not given.</param>
    /// <exception cref="DescriptionException">The argument is another word.</exception>
    public T Choice<T>(string name, IReadOnlyDictionary<string, T> words, T missing) =>
        Named(name) is not { } argument ? missing
        : words.TryGetValue(argument.Value, out var meaning) ? meaning
        : throw Mistake(argument, $"'{name}' is one of {Quote(words.Keys)}, not '{argument.Value}'.{NearestName.Hint(argument.Value, words.Keys)}");

    /// <summary>Creates the exception for a mistake in an argument.</summary>
    public DescriptionException Mistake(DescriptionArgument argument, string explanation) => new(_text, argument.Position, explanation);

    private static string Quote(IEnumerable<string> words) => string.Join(", ", words.Select(word => $"'{word}'"));
}
