using System.Globalization;
using System.Text.Json;
using ModelBuild.Compression.Diagnostics;

namespace ModelBuild.Cli.Tuning.Workers;

/// <summary>
/// Represents an Indexed Job of Kubernetes, whose pods are workers of a study. The pods mount the volume of the study at the same path as this machine.
/// </summary>
/// <param name="Name">The name of the job.</param>
/// <param name="Image">The image of the container, which has the program <c>modelbuild</c>.</param>
/// <param name="Claim">The claim of the volume with the study, the model and the data.</param>
/// <param name="Mount">The path of the volume's root, here and in the pods.</param>
/// <param name="Study">The path of the folder of the study.</param>
/// <param name="Workers">The number of workers.</param>
internal sealed record KubernetesJob(string Name, string Image, string Claim, string Mount, string Study, int Workers)
{
    // The number of times that Kubernetes restarts a pod that failed. Pods that are evicted do not count as failed.
    private const int Retries = 6;

    /// <summary>Checks that files are on the volume.</summary>
    /// <param name="mount">The path of the volume's root.</param>
    /// <param name="paths">The paths of the files.</param>
    /// <exception cref="CompressionException">MB1005: a file is elsewhere.</exception>
    public static void Check(string mount, IEnumerable<string> paths)
    {
        var root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(mount)) + Path.DirectorySeparatorChar;
        if (paths.Select(Path.GetFullPath).FirstOrDefault(path => !path.StartsWith(root, StringComparison.Ordinal)) is { } outside)
            throw new CompressionException(
                Codes.UnknownOption,
                "Workers in Kubernetes cannot read this file, because it is not in the folder of --mount. The study, the model and the data must be "
                    + "on the volume.",
                outside
            );
    }

    /// <summary>Returns the manifest of the job in YAML. Its texts have the form of JSON strings, which YAML allows.</summary>
    public string ToYaml() =>
        string.Create(
                CultureInfo.InvariantCulture,
                $"""
                apiVersion: batch/v1
                kind: Job
                metadata:
                  name: {Text(Name)}
                spec:
                  completionMode: Indexed
                  completions: {Workers}
                  parallelism: {Workers}
                  backoffLimitPerIndex: {Retries}
                  template:
                    spec:
                      restartPolicy: Never
                      containers:
                        - name: worker
                          image: {Text(Image)}
                          command: ["modelbuild", "tune", "--worker", {Text(Study)}]
                          volumeMounts:
                            - name: study
                              mountPath: {Text(Mount)}
                      volumes:
                        - name: study
                          persistentVolumeClaim:
                            claimName: {Text(Claim)}

                """
            )
            .ReplaceLineEndings("\n");

    private static string Text(string text) => JsonSerializer.Serialize(text);
}
