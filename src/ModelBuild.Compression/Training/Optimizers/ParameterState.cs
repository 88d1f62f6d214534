using ModelBuild.Compression.Training.Buffers;

namespace ModelBuild.Compression.Training.Optimizers;

/// <summary>Arrays of numbers that are kept for each parameter, such as moments of its gradient. All numbers are zero at first.</summary>
/// <param name="names">The names of the arrays. They contain no slash.</param>
internal sealed class ParameterState(params string[] names)
{
    private readonly Dictionary<string, float[]>[] _arrays = Array.ConvertAll(names, _ => new Dictionary<string, float[]>(StringComparer.Ordinal));

    /// <summary>All arrays by the name of the array, a slash and the name of the parameter.</summary>
    public IReadOnlyDictionary<string, float[]> All =>
        names
            .Zip(_arrays)
            .SelectMany(pair => pair.Second.Select(array => (Name: $"{pair.First}/{array.Key}", array.Value)))
            .ToDictionary(array => array.Name, array => array.Value, StringComparer.Ordinal);

    /// <summary>Returns an array with one number for each value of the parameter.</summary>
    /// <param name="index">The position of the array's name.</param>
    /// <param name="parameter">The parameter.</param>
    public float[] Of(int index, Parameter parameter) => Of(index, parameter, parameter.Values.Length);

    /// <summary>Adds 1 to the only number of an array, and returns the sum. Numbers of steps up to 2²⁴ are exact.</summary>
    /// <param name="index">The position of the array's name.</param>
    /// <param name="parameter">The parameter.</param>
    public float Count(int index, Parameter parameter) => ++Of(index, parameter, 1)[0];

    /// <summary>Returns the only number of an array.</summary>
    /// <param name="index">The position of the array's name.</param>
    /// <param name="parameter">The parameter.</param>
    public float Counted(int index, Parameter parameter) => Of(index, parameter, 1)[0];

    /// <summary>Replaces all arrays by copies of saved ones.</summary>
    /// <exception cref="InvalidDataException">An array has another name.</exception>
    public void Restore(IReadOnlyDictionary<string, float[]> saved)
    {
        foreach (var arrays in _arrays)
            arrays.Clear();
        foreach (var (name, array) in saved)
        {
            var slash = name.IndexOf('/', StringComparison.Ordinal);
            var index = slash < 0 ? -1 : Array.IndexOf(names, name[..slash]);
            if (index < 0)
                throw new InvalidDataException($"The saved state has the array '{name}', and the state to restore has arrays of {string.Join(", ", names)}.");
            _arrays[index][name[(slash + 1)..]] = [.. array];
        }
    }

    private float[] Of(int index, Parameter parameter, int length)
    {
        if (!_arrays[index].TryGetValue(parameter.Name, out var array))
            _arrays[index][parameter.Name] = array = new float[length];
        return array.Length == length
            ? array
            : throw new InvalidDataException(
                $"The saved state has {array.Length} numbers in '{names[index]}/{parameter.Name}', and the parameter needs {length}."
            );
    }
}
